// Packs @tgan/simd-backend and uses it as strangers do: in pages of all kinds, in Node, Deno and
// Bun. Each computes the same on `cpu` and on `simd`. It proves what the README says of browsers.
//
//   npm run pack:simd               # takes a few minutes, the network, and Chromium
//   npm run pack:simd -- Vite Deno  # what has one of these in its name
//
// CHROMIUM names the browser if it is not /usr/bin/chromium.
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { bundlers, installBundlers, installedModule, writeVitePage } from './bundlers.mjs';
import { libraries, pack } from './packages.mjs';
import { addressOf, isolating, launch, serve } from './pages.mjs';
import { installedProject, runNode, write } from './project.mjs';
import { Report } from './report.mjs';

/** Versions of what npm fetches for this script alone. */
const versions = { vite: '7.3.8', deno: '2.9.6', bun: '1.4.5' };
/** How far `simd` may be from `cpu`, relative to the largest number. */
const TOLERANCE = 1e-4;
const THREADS = 2;

const byUrl = '@tgan/simd-backend/wasm/simd.wasm?url';
const byLoader = '@tgan/simd-backend/wasm/simd.wasm';

const checks = {
  'esbuild, kernels as bytes': () =>
    checkEsbuild('bytes', { minify: false, loader: { '.wasm': 'binary' } }),
  'esbuild, kernels by URL': () =>
    checkEsbuild('url', { minify: false, loader: { '.wasm': 'file' } }),
  // Workers get functions as text. Names that are kept would call a helper that they do not have.
  'esbuild, minified, with names kept': () =>
    checkEsbuild('names', { minify: true, keepNames: true, loader: { '.wasm': 'binary' } }),
  'webpack 5': async () => {
    await installBundlers(join(folder, 'webpack'));
    return checkPage(await bundlers.webpack(project, 'built', program()));
  },
  'Vite 7, built': async () => checkBuilt('vite-7', await vite7()),
  'Vite 8, built': async () => checkBuilt('vite-8', await import('vite')),
  'Vite 7, its server': async () => checkServer('server-7', await vite7()),
  'Vite 8, its server': async () => checkServer('server-8', await import('vite')),
  'a page with an import map': () => checkPage(writeMappedPage()),
  'a page that is not isolated': () => checkPage(writeMappedPage(), { headers: {}, threads: 1 }),
  Node: () => checkRuntime([process.execPath]),
  Deno: async () => checkRuntime([await installedProgram('deno'), 'run', '--allow-all']),
  Bun: async () => checkRuntime([await installedProgram('bun')]),
};

const chosen = process.argv.slice(2);
const isChosen = (what) => chosen.length === 0 || chosen.some((part) => what.includes(part));
const report = new Report();
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'tgan-simd-')));
const project = join(folder, 'project');
/** @type {import('playwright-core').Browser | undefined} */
let browser;
try {
  await report.timed('packed and installed', install);
  for (const [what, check] of Object.entries(checks)) {
    if (isChosen(what)) await report.run(what, check);
  }
} finally {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
}
report.end();

/** Makes the project that all checks share. The package needs no other of the workspace. */
async function install() {
  const tarballs = join(folder, 'tarballs');
  mkdirSync(tarballs);
  const simd = libraries.filter(({ name }) => name === '@tgan/simd-backend');
  const packed = await pack(simd, tarballs);
  const [{ name, manifest }] = packed;
  await installedProject(project, packed, [name], manifest.peerDependencies);
}

/**
 * A module that speeds up its work by two lines, and compares the results with those of `cpu`. It
 * says in the title of the page, or prints, how many threads there were and how far the results
 * differ. They are large enough for more than one thread.
 *
 * @param kernels - what to import as the kernels, where the backend cannot find them by itself.
 */
function program(kernels) {
  return `
${kernels ? `import wasm from '${kernels}';` : ''}
import { registerSimdBackend } from '@tgan/simd-backend';
import * as tf from '@tensorflow/tfjs';

const wave = (...shape) => {
  const values = Float32Array.from({ length: tf.util.sizeFromShape(shape) }, (_, i) => Math.sin(i * i));
  return tf.tensor(values, shape);
};
const compute = () => [
  tf.conv2d(wave(4, 64, 64, 8), wave(4, 4, 8, 16), 2, 'same'),
  tf.matMul(wave(256, 256), wave(256, 256), false, true),
];
const difference = (a, b) => tf.sub(a, b).abs().max().div(b.abs().max()).dataSync()[0];

await tf.setBackend('cpu');
const expected = compute();
const backend = await registerSimdBackend({ threads: ${THREADS}${kernels ? ', wasm' : ''} });
await tf.setBackend('simd');
const differences = compute().map((result, i) => difference(result, expected[i]));

const result = JSON.stringify({ threads: backend.threads, build: backend.build, differences });
if (globalThis.document) document.title = result;
else console.log(result);
`;
}

/** What is wrong with what a {@link program} said. */
function problemsOf(said, threads = THREADS) {
  console.log(said);
  const { differences, ...result } = JSON.parse(said);
  const problems = [];
  if (result.threads !== threads) problems.push(`${result.threads} threads, not ${threads}`);
  if (!differences.every((difference) => difference <= TOLERANCE)) {
    problems.push(`simd differs from cpu by ${differences}`);
  }
  return problems;
}

async function checkEsbuild(name, options) {
  return checkPage(await bundlers.esbuild(project, name, program(byLoader), options));
}

async function checkBuilt(name, vite) {
  return checkPage(await bundlers.Vite(project, name, program(), vite));
}

/** Vite's server, which serves the modules one by one and what they import as bundles. */
async function checkServer(name, vite) {
  const page = writeVitePage(project, name, program(byUrl));
  const server = await vite.createServer({
    root: project,
    configFile: false,
    logLevel: 'silent',
    cacheDir: join(folder, `cache-${name}`),
    optimizeDeps: { entries: page },
    server: { host: '127.0.0.1', port: 0, headers: isolating },
  });
  try {
    await server.listen();
    return await open(addressOf(server.httpServer) + basename(page));
  } finally {
    await server.close();
  }
}

/** A page without a bundler: tfjs comes as the one file that has all of it. */
function writeMappedPage() {
  const imports = {
    '@tensorflow/tfjs': './node_modules/@tensorflow/tfjs/dist/tf.fesm.min.js',
    '@tensorflow/tfjs-core': './node_modules/@tensorflow/tfjs/dist/tf.fesm.min.js',
    '@tensorflow/tfjs-backend-cpu':
      './node_modules/@tensorflow/tfjs-backend-cpu/dist/tf-backend-cpu.fesm.min.js',
    '@tgan/simd-backend': './node_modules/@tgan/simd-backend/dist/index.js',
    seedrandom: './node_modules/seedrandom/seedrandom.js',
  };
  return write(
    project,
    'mapped.html',
    `<!doctype html>
<link rel="icon" href="data:," />
<script type="importmap">${JSON.stringify({ imports })}</script>
<script type="module">${program()}</script>`,
  );
}

/** Serves the folder of a page, and opens it. */
async function checkPage(page, { headers = isolating, threads = THREADS } = {}) {
  const server = await serve(dirname(page), headers);
  try {
    return await open(server.address + basename(page), threads);
  } finally {
    server.close();
  }
}

/** Opens a page and waits for its title. Errors of the page and of its console are problems. */
async function open(address, threads = THREADS) {
  browser ??= await launch();
  const page = await browser.newPage();
  const problems = [];
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(`${message.text()} ${message.location().url}`);
  });
  const failure = new Promise((resolve) => page.on('pageerror', resolve));
  try {
    await page.goto(address);
    const said = page.waitForFunction(() => document.title, undefined, { timeout: 60_000 });
    const error = await Promise.race([failure, said.then(() => undefined)]);
    if (error) return [...problems, error.stack];
    return [...problems, ...problemsOf(await page.title(), threads)];
  } catch (error) {
    return [...problems, error.message];
  } finally {
    await page.close();
  }
}

async function checkRuntime(command) {
  const { stdout } = await runNode(write(project, 'program.mjs', program()), project, command);
  return problemsOf(stdout.trim());
}

/** Vite 7. The repository has Vite 8. */
function vite7() {
  return installedModule(join(folder, 'vite-7'), 'vite', versions.vite);
}

/** Installs a program of a package into a folder of its own. */
async function installedProgram(name) {
  const into = join(folder, name);
  await installedProject(into, [], [], { [name]: versions[name] });
  return join(into, 'node_modules/.bin', name);
}
