// Projects of strangers, and what they do with the packages.
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { unpack } from './contents.mjs';
import { entriesOf, root } from './packages.mjs';

const run = promisify(execFile);

/**
 * Makes a project with unpacked packages. What they depend on is linked from the repository, so it
 * takes a second and no network. Only what their package.json names is there, but no optional
 * peers.
 */
export function linkedProject(folder, packed) {
  writeManifest(folder, {});
  for (const each of packed) {
    unpack(each, join(folder, 'node_modules', each.name));
    const { dependencies, peerDependencies, peerDependenciesMeta } = each.manifest;
    for (const name of Object.keys({ ...dependencies, ...peerDependencies })) {
      if (peerDependenciesMeta?.[name]?.optional) continue;
      if (packed.some((other) => other.name === name)) continue;
      const link = join(folder, 'node_modules', name);
      if (existsSync(link)) continue;
      mkdirSync(dirname(link), { recursive: true });
      symlinkSync(installed(name, each.folder), link, 'junction');
    }
  }
}

function installed(name, folder) {
  const places = [join(root, folder), root].map((at) => join(at, 'node_modules', name));
  const place = places.find((at) => existsSync(at));
  if (!place) throw new Error(`${name} is not installed: run npm ci`);
  return place;
}

/**
 * Makes a project and installs tarballs into it, with what npm finds that they need.
 *
 * @param packed - all packages: what the installed ones need of them comes from their tarballs.
 * @param wanted - the names of those to install.
 * @param others - what the project has besides, by name.
 */
export async function installedProject(folder, packed, wanted, others = {}) {
  const tarballs = Object.fromEntries(packed.map(({ name, tarball }) => [name, `file:${tarball}`]));
  const dependencies = Object.fromEntries(wanted.map((name) => [name, tarballs[name]]));
  const overrides = Object.fromEntries(
    Object.entries(tarballs).filter(([name]) => !wanted.includes(name)),
  );
  writeManifest(folder, { dependencies: { ...dependencies, ...others }, overrides });
  await npm(['install', '--no-audit', '--no-fund', '--prefer-offline'], folder);
}

/** Runs npm in a folder. */
export const npm = (args, cwd) =>
  run('npm', args, { cwd, shell: process.platform === 'win32', maxBuffer: 2 ** 26 });

function writeManifest(folder, more) {
  mkdirSync(folder, { recursive: true });
  const manifest = { name: 'stranger', version: '1.0.0', private: true, type: 'module', ...more };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest, null, 2));
}

/** Writes a file of a project. */
export function write(folder, name, text) {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}

/** Runs a file by node, by another way to run node, or by what runs in its place. */
export const runNode = (file, cwd, [command, ...args] = [process.execPath]) =>
  run(command, [...args, file], { cwd, maxBuffer: 2 ** 26 });

/** Imports every entry of some packages, each in the same process. */
export async function importAll(folder, packages, node) {
  const lines = packages
    .flatMap(entriesOf)
    .map((entry) => `if (Object.keys(await import('${entry}')).length === 0) throw '${entry}';`);
  await runNode(write(folder, 'import-all.mjs', lines.join('\n')), folder, node);
}

/** Requires every entry of some packages from CommonJS. */
export async function requireAll(folder, packages, node) {
  const lines = packages
    .flatMap(entriesOf)
    .map((entry) => `if (Object.keys(require('${entry}')).length === 0) throw '${entry}';`);
  await runNode(write(folder, 'require-all.cjs', lines.join('\n')), folder, node);
}

/** How TypeScript finds modules. */
export const resolutions = {
  node16: { module: 'node16' },
  nodenext: { module: 'nodenext' },
  bundler: { module: 'esnext', moduleResolution: 'bundler' },
};

/**
 * Checks modules of a project by TypeScript, with `skipLibCheck` off.
 *
 * @param sources - the text of each module, by name.
 * @param knowsNode - whether the project has @types/node. Typings must not need them.
 * @returns the errors in them, and in the typings of the packages.
 */
export async function typeErrors(folder, resolution, sources, { knowsNode = false } = {}) {
  const part = `types-${resolution}${knowsNode ? '-node' : ''}`;
  const names = Object.entries(sources).map(([name, text]) => {
    write(folder, `${part}/${name}`, text);
    return name;
  });
  const compilerOptions = {
    ...resolutions[resolution],
    ...{ target: 'es2022', lib: ['es2023', 'dom', 'dom.iterable'] },
    ...{ strict: true, noEmit: true, skipLibCheck: false, types: knowsNode ? ['node'] : [] },
    ...(knowsNode && { typeRoots: [join(root, 'node_modules/@types')] }),
  };
  const config = write(
    folder,
    `${part}/tsconfig.json`,
    JSON.stringify({ compilerOptions, files: names }),
  );
  const checker = join(root, 'tools/pack/type-errors.mjs');
  const { stdout, stderr } = await run(process.execPath, [checker, config], {
    cwd: folder,
    maxBuffer: 2 ** 26,
  }).catch((error) => error);
  return `${stdout}${stderr}`.split('\n').filter(Boolean);
}

/** A module that names every export of every entry of some packages. */
export const everyType = (packages) =>
  packages
    .flatMap(entriesOf)
    .map((entry, i) => `import * as m${i} from '${entry}';\nexport type M${i} = typeof m${i};`)
    .join('\n');

/** The packages below node_modules of a project, by name. */
export function installedPackages(folder) {
  const lock = JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8'));
  return Object.keys(lock.packages)
    .filter(Boolean)
    .map((path) => path.split('node_modules/').at(-1));
}
