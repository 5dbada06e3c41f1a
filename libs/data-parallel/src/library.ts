import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type * as koffi from 'koffi';
import type { Abi } from './abi/abi.js';
import { mpich } from './abi/mpich.js';
import { isOpenMpi, openMpi } from './abi/open-mpi.js';
import { isStandard, standard } from './abi/standard.js';
import { MpiError } from './errors.js';
import { launcherProcess } from './launcher-process.js';
import type { Launcher } from './launcher.js';

/** The names of the shared libraries, the likeliest first. */
const names = {
  linux: {
    'Open MPI': ['libmpi.so.40', 'libmpi.so'],
    MPICH: ['libmpich.so.12', 'libmpi.so.12', 'libmpich.so', 'libmpi.so'],
    standard: ['libmpi_abi.so.1', 'libmpi_abi.so.0', 'libmpi_abi.so'],
  },
  darwin: {
    'Open MPI': ['libmpi.40.dylib', 'libmpi.dylib'],
    MPICH: ['libmpi.12.dylib', 'libmpi.dylib'],
    standard: ['libmpi_abi.1.dylib', 'libmpi_abi.0.dylib', 'libmpi_abi.dylib'],
  },
};

/** An opened library, and how it represents handles. */
export interface MpiLibrary {
  readonly library: koffi.LibraryHandle;
  readonly abi: Abi;
  readonly path: string;
}

export type Koffi = typeof koffi;

/** @throws MpiError when koffi is not installed or does not run here. */
export async function loadKoffi(): Promise<Koffi> {
  // A name in a variable: TypeScript and bundlers need not find the package.
  const name = 'koffi';
  try {
    const module = (await import(name)) as Koffi & { default?: Koffi };
    return module.default ?? module;
  } catch (error) {
    const [reason] = (error as Error).message.split('\n');
    throw new MpiError(`MPI needs the package ${name}: npm install ${name} (${reason})`, {
      cause: error,
    });
  }
}

/**
 * Opens the MPI library that belongs to the launcher. `TGAN_MPI` may name the file of another.
 *
 * @throws MpiError when there is none.
 */
export function openLibrary(
  koffi: Koffi,
  { name, family }: Launcher,
  chosen = process.env['TGAN_MPI'],
): MpiLibrary {
  if (chosen) {
    try {
      return withAbi(koffi.load(chosen, { global: true }), chosen);
    } catch (error) {
      throw new MpiError(`cannot open TGAN_MPI=${chosen}: ${(error as Error).message}`);
    }
  }
  const folders = launcherFolders();
  for (const candidate of candidates(family)) {
    const paths = folders.map((folder) => join(folder, candidate)).filter(existsSync);
    for (const path of [...paths, candidate]) {
      const library = tryLoad(koffi, path, true);
      if (!library) continue;
      // Open MPI and MPICH may both be installed, and libmpi.so is one of them.
      if (isStandard(library) || isOpenMpi(library) === (family === 'Open MPI')) {
        return withAbi(library, path);
      }
      library.unload();
    }
  }
  throw new MpiError(
    `${name} started this process, but the library of ${family} was not found: ` +
      `install it (Debian: apt install ${packages[family]}), or set TGAN_MPI to its path`,
  );
}

/** What Debian calls the packages. */
export const packages = { 'Open MPI': 'openmpi-bin', MPICH: 'mpich' } as const;

/** The first library of a family that is found; undefined where there is none. */
export function findLibrary(koffi: Koffi, family: Launcher['family']): MpiLibrary | undefined {
  for (const path of candidates(family)) {
    // Not global: the libraries of two families can then be loaded side by side.
    const library = tryLoad(koffi, path, false);
    if (!library) continue;
    if (isStandard(library) || isOpenMpi(library) === (family === 'Open MPI')) {
      return withAbi(library, path);
    }
    library.unload();
  }
  return undefined;
}

function candidates(family: Launcher['family']): string[] {
  const known = names[process.platform as keyof typeof names] ?? names.linux;
  return [...known[family], ...known.standard];
}

function tryLoad(koffi: Koffi, path: string, global: boolean): koffi.LibraryHandle | undefined {
  try {
    // Open MPI's plugins look up its symbols among the global ones.
    return koffi.load(path, { global });
  } catch {
    return undefined;
  }
}

function withAbi(library: koffi.LibraryHandle, path: string): MpiLibrary {
  const abi = isOpenMpi(library) ? openMpi(library) : isStandard(library) ? standard : mpich;
  return { library, abi, path };
}

/**
 * Where the launcher's own libraries may lie: beside its program. On systems that do not tell, the
 * system's search has to find them.
 */
function launcherFolders(): string[] {
  const launcher = launcherProcess();
  if (!launcher) return [];
  const prefix = dirname(dirname(launcher.program));
  return [join(prefix, 'lib'), join(prefix, 'lib64')];
}
