import type { LibraryHandle } from 'koffi';
import { hasSymbol, type Abi, type Handle } from './abi.js';

/** Open MPI 4 and 5: handles are pointers to variables that the library exports. */
export const isOpenMpi = (library: LibraryHandle) => hasSymbol(library, 'ompi_mpi_comm_world');

export function openMpi(library: LibraryHandle): Abi {
  const address = (name: string) => library.symbol(name) as Handle;
  return {
    handle: 'int64_t',
    world: address('ompi_mpi_comm_world'),
    byte: address('ompi_mpi_byte'),
    float: address('ompi_mpi_float'),
    double: address('ompi_mpi_double'),
    sum: address('ompi_mpi_op_sum'),
    funneled: 1,
  };
}
