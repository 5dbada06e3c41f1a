import { findLibrary, loadKoffi, packages } from './library.js';
import { Mpi } from './mpi.js';

/** What {@link inspectMpi} found. */
export interface MpiReport {
  /** The libraries that can be used, such as `Open MPI v4.1.4`. */
  readonly found: readonly string[];
  /** Why there are none. */
  readonly problem?: string;
  /** How to get one. */
  readonly remedy: string;
}

const remedy =
  `apt install ${packages['Open MPI']} or apt install ${packages.MPICH}, brew install open-mpi; ` +
  'on a cluster: module load';

/** Looks for MPI on this machine, without joining a job. */
export async function inspectMpi(): Promise<MpiReport> {
  try {
    const koffi = await loadKoffi();
    const libraries = (['Open MPI', 'MPICH'] as const).map((family) => findLibrary(koffi, family));
    // Both families may have found one library of the standard ABI.
    const found = libraries.flatMap((library) => (library ? [new Mpi(library).version()] : []));
    if (found.length === 0) return { found, problem: 'there is no library of MPI', remedy };
    return { found: [...new Set(found)], remedy };
  } catch (error) {
    return { found: [], problem: (error as Error).message, remedy };
  }
}
