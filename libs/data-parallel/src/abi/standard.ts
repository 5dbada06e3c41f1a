import type { LibraryHandle } from 'koffi';
import { hasSymbol, type Abi } from './abi.js';

/** The ABI of the MPI 5 standard: handles are of the size of pointers, constants are small. */
export const isStandard = (library: LibraryHandle) => hasSymbol(library, 'MPI_Abi_get_version');

export const standard: Abi = {
  handle: 'int64_t',
  world: 0x101,
  byte: 0x247,
  float: 0x210,
  double: 0x214,
  sum: 0x21,
};
