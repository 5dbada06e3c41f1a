// What inspectMpi runs in a process of its own: prints the versions of the libraries, as JSON.
import { writeSync } from 'node:fs';
import { findLibrary, loadKoffi } from './library.js';
import { Mpi } from './mpi.js';

/** What the program prints. */
export type Answer = { readonly found: readonly string[] } | { readonly problem: string };

async function answer(): Promise<Answer> {
  try {
    const koffi = await loadKoffi();
    const libraries = (['Open MPI', 'MPICH'] as const).map((family) => findLibrary(koffi, family));
    // Both families may have found one library of the standard ABI.
    const versions = libraries.flatMap((library) => (library ? [new Mpi(library).version()] : []));
    return { found: [...new Set(versions)] };
  } catch (error) {
    return { problem: (error as Error).message };
  }
}

writeSync(1, JSON.stringify(await answer()));
// The libraries have hooks of their own for the end of a process.
process.kill(process.pid, 'SIGKILL');
