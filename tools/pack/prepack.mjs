// What npm runs in the folder of a package before it packs or publishes it: builds the package, and
// refuses to pack what a stranger could not use. A fresh clone has no `dist` and no `wasm`.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = process.cwd();
const { name, exports, bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));

const nx = join(root, 'node_modules/.bin/nx');
if (!existsSync(nx)) refuse(`it cannot be built: run "npm ci" in ${root} first`);
// Packing prints its result to stdout, so what the build says goes to stderr.
const { status } = spawnSync(nx, ['build', name, '--outputStyle=static'], {
  cwd: root,
  shell: process.platform === 'win32',
  stdio: ['ignore', process.stderr.fd, process.stderr.fd],
});
if (status !== 0) refuse('its build failed');

const missing = [...filesIn(exports), ...filesIn(bin)].filter(
  (file) => !existsSync(join(folder, file)),
);
if (missing.length > 0) refuse(`its package.json names files that are not there: ${missing}`);

const stale = modulesOf('dist', '.js').filter(
  (module) => !modulesOf('src', '.ts').includes(module),
);
if (stale.length > 0) {
  refuse(`dist holds modules that src no longer has: ${stale}; remove dist, and pack again`);
}

if (read(join(root, 'LICENSE')) !== read(join(folder, 'LICENSE'))) {
  refuse('its LICENSE is not a copy of that of the repository');
}

/** The files that a field of package.json names. */
function filesIn(field) {
  if (typeof field === 'string') return field.includes('*') ? [] : [field];
  return Object.values(field ?? {}).flatMap(filesIn);
}

/** The modules in a folder, by their path without the extension. */
function modulesOf(part, extension) {
  return readdirSync(join(folder, part), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(extension))
    .map((entry) => relative(join(folder, part), join(entry.parentPath, entry.name)))
    .filter((file) => !file.startsWith('docs'))
    .map((file) => file.slice(0, -extension.length));
}

function read(file) {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

function refuse(reason) {
  console.error(`${name} is not packed: ${reason}`);
  process.exit(1);
}
