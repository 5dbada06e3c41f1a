// The packages that are published, as npm packs them.
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The root of the repository. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

/** Every package that is published, with its folder from the root and its package.json. */
export const published = ['libs', 'apps']
  .flatMap((part) => readdirSync(join(root, part)).map((name) => join(part, name)))
  .map((folder) => ({ folder, manifest: readManifest(join(root, folder)) }))
  .filter(({ manifest }) => !manifest.private)
  .map(({ folder, manifest }) => ({ name: manifest.name, folder, manifest }));

/** Those that a program imports: all but the command line. */
export const libraries = published.filter(({ folder }) => folder.startsWith('libs'));

/**
 * Packs packages that are built.
 *
 * @param into - the folder for the tarballs.
 * @returns the packages with the path of the tarball, its bytes, and the paths in it.
 */
export async function pack(packages, into) {
  const waiting = [...packages.entries()];
  const packed = [];
  const work = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [index, each] = next;
      // The build is the caller's: running it again for each package would take minutes.
      const args = ['pack', '--ignore-scripts', '--json', '--pack-destination', into];
      const { stdout } = await run('npm', args, {
        cwd: join(root, each.folder),
        shell: process.platform === 'win32',
        maxBuffer: 2 ** 26,
      });
      const [{ filename, size, files }] = Object.values(JSON.parse(stdout));
      packed[index] = {
        ...each,
        tarball: join(into, filename.replace('@', '').replace('/', '-')),
        bytes: size,
        files: files.map(({ path }) => path),
      };
    }
  };
  await Promise.all([work(), work()]);
  return packed;
}

/** The modules that a package exports: its name, or with a path, such as `@tgan/core/node`. */
export const entriesOf = ({ name, manifest }) =>
  Object.keys(manifest.exports)
    .filter((path) => !/\.(json|wasm)$/.test(path))
    .map((path) => name + path.slice(1));

/** The package that a specifier such as `@tgan/core/node` or `zod` is of. */
export const packageOf = (specifier) =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

export function readManifest(folder) {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
}
