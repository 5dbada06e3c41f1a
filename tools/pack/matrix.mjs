// Installs every package alone from its tarball into an empty project, and uses it as strangers do:
// in Node by import and require, with TypeScript, bundled by esbuild, Vite and webpack, beside the
// oldest versions that its ranges allow. Then it runs the programs of `examples/`.
//
//   npm run pack:matrix                            # takes a quarter of an hour, and the network
//   npm run pack:matrix -- svc-constraint examples # some packages, `ranges` or `examples` alone
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { canRunNode, onNode } from '../node24.mjs';
import { budgets } from './budgets.mjs';
import { bundle, bundlers, codeOf, installBundlers } from './bundlers.mjs';
import { runExamples } from './examples.mjs';
import { entriesOf, libraries, pack, published } from './packages.mjs';
import * as projects from './project.mjs';
import { Report } from './report.mjs';

const chosen = process.argv.slice(2);
const isChosen = (part) => chosen.length === 0 || chosen.includes(part);
const report = new Report();
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'tgan-matrix-')));

/** Ways to run node, by name. */
const nodes = { 'this Node': [process.execPath] };
for (const version of ['22', '24']) {
  if (canRunNode(version)) nodes[`Node ${version}`] = ['npm', ...onNode(version, [])];
  else console.log(`npm cannot fetch Node ${version} here: nothing runs on it`);
}

/** Five steps on two backends, which begin alike. */
const stepOfTraining = `
  import * as tf from '@tensorflow/tfjs';
  import { registerSimdBackend } from '@tgan/simd-backend';
  import { VideoGan } from '@tgan/video-gan';
  import { WganTrainer } from '@tgan/wgan-trainer';
  const values = [];
  for (const backend of ['cpu', 'simd']) {
    if (backend === 'simd') await registerSimdBackend();
    await tf.setBackend(backend);
    const sizes = { frames: 4, imageSize: 16, temporalWidths: [8, 4], imageWidths: [8, 4] };
    const gan = new VideoGan({ ...sizes, criticWidths: [4, 8] });
    const trainer = new WganTrainer(gan, { learningRate: 1e-3 });
    const samples = () => tf.linspace(-1, 1, 2 * 4 * 16 * 16 * 3).reshape([2, 4, 16, 16, 3]);
    for (let i = 0; i < 5; i++) values.push((await trainer.step({ samples: samples() })).value);
  }
  const close = (a, b) => Math.abs(a - b) <= 1e-3 * Math.max(1, Math.abs(a));
  console.log(values.every(Number.isFinite), close(values[0], values[5]));
`;

try {
  const tarballs = join(folder, 'tarballs');
  mkdirSync(tarballs);
  const packed = await report.timed('packed', () => pack(published, tarballs));
  const libs = packed.filter(({ name }) => libraries.some((lib) => lib.name === name));
  const wanted = libs.filter(({ name }) => isChosen(name.split('/')[1]));
  if (wanted.length > 0) await installBundlers(join(folder, 'bundlers'));
  for (const lib of wanted) await checkAlone(lib, packed);
  if (isChosen('ranges')) await checkRanges(packed);
  if (isChosen('examples')) await runExamples(packed, join(folder, 'examples'), report);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
report.end();

/** Installs one package alone and checks all uses of it. */
async function checkAlone(lib, packed) {
  const project = join(folder, 'alone', lib.name);
  const optional = Object.keys(lib.manifest.peerDependenciesMeta ?? {});
  await report.run(`${lib.name}: npm installs it`, async () => {
    await projects.installedProject(project, packed, [lib.name]);
    const names = new Set(projects.installedPackages(project));
    console.log(`${lib.name}: ${names.size} packages`);
    return optional.filter((name) => names.has(name)).map((name) => `${name} came with it`);
  });
  // An entry for an optional peer needs the peer.
  const entries = entriesOf(lib).filter((entry) => !needsOptional(entry, optional));
  const alone = { ...lib, manifest: { ...lib.manifest, exports: exportsOf(lib, entries) } };
  for (const [name, node] of Object.entries(nodes)) {
    await report.run(`${lib.name}: ${name} imports it`, () =>
      projects.importAll(project, [alone], node),
    );
    await report.run(`${lib.name}: ${name} requires it`, () =>
      projects.requireAll(project, [alone], node),
    );
  }
  const types = { 'every-type.ts': projects.everyType([alone]) };
  for (const resolution of Object.keys(projects.resolutions)) {
    await report.run(`${lib.name}: types, ${resolution}`, () =>
      projects.typeErrors(project, resolution, types),
    );
  }
  const isForPages = budgets[lib.name].bundle !== undefined;
  for (const [name, bundled] of Object.entries(isForPages ? bundlers : {})) {
    await report.run(`${lib.name}: ${name} bundles it for a page`, async () => {
      const all = `import * as all from '${lib.name}';\nconsole.log(Object.keys(all));`;
      await bundled(project, 'all', all);
      if (![lib.manifest.sideEffects].flat().includes('./dist/index.js')) return [];
      const code = codeOf(await bundled(project, 'bare', `import '${lib.name}';`));
      return code.includes('TganBatchNorm') ? [] : ['a bare import registers no layers'];
    });
  }
  if (!isForPages) {
    await report.run(`${lib.name}: esbuild bundles it for Node`, async () => {
      await bundle(project, 'all', `export * from '${lib.name}';`, {
        platform: 'node',
        external: [...optional, 'sharp'],
      });
    });
  }
  rmSync(project, { recursive: true, force: true });
}

/** Entries such as `@tgan/event-files/callback` are for those who have the optional peer. */
function needsOptional(entry, optional) {
  return entry.endsWith('/callback') && optional.includes('@tensorflow/tfjs');
}

function exportsOf({ name, manifest }, entries) {
  const paths = entries.map((entry) => `.${entry.slice(name.length)}`);
  return Object.fromEntries(paths.map((path) => [path, manifest.exports[path]]));
}

/** The oldest versions that the ranges of peers allow do what the newest do. */
async function checkRanges(packed) {
  const oldest = { '@tensorflow/tfjs': '4.20.0', '@tensorflow/tfjs-backend-cpu': '4.20.0' };
  for (const versions of [oldest, { zod: '4.0.0' }]) {
    const what = Object.entries(versions)[0].join(' ');
    await report.run(`a step of training with ${what}`, async () => {
      const project = join(folder, `with ${what}`.replaceAll(/\W/g, '-'));
      const wanted = ['core', 'video-gan', 'wgan-trainer', 'simd-backend'];
      const names = wanted.map((name) => `@tgan/${name}`);
      await projects.installedProject(project, packed, names, versions);
      const { stdout } = await projects.runNode(
        projects.write(project, 'step.mjs', stepOfTraining),
        project,
      );
      return stdout.includes('true true') ? [] : [stdout];
    });
  }
}
