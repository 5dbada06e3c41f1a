import type { Abi } from './abi.js';

/** MPICH 3 and later, and what shares its ABI: Intel MPI, Cray MPICH, MVAPICH. Handles are ints. */
export const mpich: Abi = {
  handle: 'int',
  world: 0x44000000,
  byte: 0x4c00010d,
  float: 0x4c00040a,
  double: 0x4c00080b,
  sum: 0x58000003,
  funneled: 1,
};
