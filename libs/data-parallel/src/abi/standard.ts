import type { LibraryHandle } from 'koffi';
import { hasSymbol, type Abi } from './abi.js';

/**
 * The ABI of the MPI 5 standard: handles are of the size of pointers, constants are small. A
 * library with an ABI of its own, such as `libmpi.so.12` of MPICH 5, says that its version is -1.
 */
export function isStandard(library: LibraryHandle): boolean {
  if (!hasSymbol(library, 'MPI_Abi_get_version')) return false;
  const [version, subversion] = [new Int32Array(1), new Int32Array(1)];
  library.func('int MPI_Abi_get_version(void *, void *)')(version, subversion);
  return version[0] > 0;
}

export const standard: Abi = {
  handle: 'int64_t',
  world: 0x101,
  byte: 0x247,
  float: 0x210,
  double: 0x214,
  sum: 0x21,
  funneled: 1024,
};
