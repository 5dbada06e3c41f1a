import { basename, resolve } from 'node:path';

/** The name of each run's folder; the whole path where two have the same. */
export function runNames(folders: readonly string[]): string[] {
  const short = folders.map((folder) => basename(resolve(folder)));
  return short.map((name, i) =>
    short.indexOf(name) === short.lastIndexOf(name) ? name : folders[i],
  );
}
