// Looks at the packages as a stranger gets them: packs them, unpacks them in an empty project, and
// checks what is in them, that every entry can be imported, that TypeScript finds typings without
// errors, that bundles work and are small, and that the READMEs' code stands by itself.
//
//   npx nx run-many -t build && node tools/pack/check.mjs
//
// The gate runs this. It takes no network: tools/pack/matrix.mjs installs each package by npm.
import { createPackageFromTarballData, checkPackage } from '@arethetypeswrong/core';
import { problemAffectsResolutionKind } from '@arethetypeswrong/core/problems';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { budgets } from './budgets.mjs';
import { bundle } from './bundlers.mjs';
import { problemsOfContents, undeclaredImports } from './contents.mjs';
import { libraries, pack, published, root } from './packages.mjs';
import * as projects from './project.mjs';
import { readmeModules } from './readme-modules.mjs';
import { Report } from './report.mjs';

/**
 * How modules are imported. Packages of modules alone are not for TypeScript's older resolutions.
 *
 * @type {import('@arethetypeswrong/core').ResolutionKind[]}
 */
const importers = ['node16-esm', 'bundler'];

const report = new Report();
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'tgan-pack-')));
try {
  const tarballs = join(folder, 'tarballs');
  mkdirSync(tarballs);
  const packed = await report.timed('packed', () => pack(published, tarballs));
  for (const each of packed) {
    const { tarball } = budgets[each.name] ?? {};
    report.check(`contents of ${each.name}`, problemsOfContents(each, tarball));
  }

  const project = join(folder, 'project');
  const libs = packed.filter(({ name }) => libraries.some((lib) => lib.name === name));
  projects.linkedProject(project, libs);
  for (const { name, manifest } of libs) {
    const unpacked = join(project, 'node_modules', name);
    report.check(`imports of ${name} are declared`, undeclaredImports(unpacked, manifest));
  }

  const sources = { 'every-type.ts': projects.everyType(libs) };
  await report.together([
    ...Object.keys(projects.resolutions).map((resolution) => [
      `types: ${resolution}, skipLibCheck off`,
      () => projects.typeErrors(project, resolution, sources),
    ]),
    [
      'code of the READMEs stands by itself',
      () => projects.typeErrors(project, 'bundler', readmeModules(libs), { knowsNode: true }),
    ],
    ['Node imports every entry', () => projects.importAll(project, libs)],
    ['Node requires every entry', () => projects.requireAll(project, libs)],
    ['bundles', () => problemsOfBundles(project, libs)],
    ['publint', () => problemsOfPublint(libs)],
    ['typings of every way to resolve them', () => problemsOfTypings(libs)],
    ['a clone that is not built is not packed', () => packsSources(folder)],
  ]);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
report.end();

/** Bundles by esbuild: their sizes, and that they register what their import promises. */
async function problemsOfBundles(project, libs) {
  const problems = [];
  for (const lib of libs) {
    const budget = budgets[lib.name]?.bundle;
    if (budget === undefined) continue;
    const external = ['@tensorflow/*'];
    const all = `export * from '${lib.name}';`;
    const { gzip } = await bundle(project, lib.name, all, { external });
    console.log(`${lib.name}: a bundle of ${gzip} bytes, ${lib.bytes} bytes packed`);
    if (gzip > budget) problems.push(`${lib.name}: ${gzip} bytes; the budget is ${budget}`);
  }
  for (const name of ['critic-3d', 'temporal-generator', 'image-generator', 'video-gan']) {
    const external = ['@tensorflow/*'];
    const bare = `import '@tgan/${name}';`;
    const { outfile } = await bundle(project, `bare-${name}`, bare, { external });
    const code = readFileSync(outfile, 'utf8');
    if (!code.includes('TganBatchNorm')) problems.push(`${name}: its import registers no layers`);
  }
  return problems;
}

async function problemsOfPublint(libs) {
  const problems = [];
  for (const { name, tarball, manifest } of libs) {
    const { buffer } = new Uint8Array(readFileSync(tarball));
    const { messages } = await publint({
      pack: { tarball: buffer },
      strict: true,
      level: 'warning',
    });
    problems.push(...messages.map((message) => `${name}: ${formatMessage(message, manifest)}`));
  }
  return problems;
}

/** What "Are the types wrong?" finds for importers of modules. */
async function problemsOfTypings(libs) {
  const problems = [];
  for (const { name, tarball } of libs) {
    const excludeEntrypoints = [/\.wasm$/];
    const contents = createPackageFromTarballData(readFileSync(tarball));
    const analysis = await checkPackage(contents, { excludeEntrypoints });
    if (!('problems' in analysis)) {
      problems.push(`${name}: no typings`);
      continue;
    }
    for (const problem of analysis.problems) {
      const affected = importers.some((kind) =>
        problemAffectsResolutionKind(problem, kind, analysis),
      );
      if (affected) problems.push(`${name}: ${JSON.stringify(problem)}`);
    }
  }
  return problems;
}

/** Packs a package where nothing is installed and nothing is built: npm must fail. */
function packsSources(folder) {
  const clone = join(folder, 'clone');
  const lib = join(clone, 'libs/core');
  for (const part of [
    'libs/core/package.json',
    'libs/core/src',
    'libs/core/LICENSE',
    'tools/pack',
  ]) {
    cpSync(join(root, part), join(clone, part), { recursive: true });
  }
  const { status, stderr } = spawnSync('npm', ['pack'], {
    cwd: lib,
    shell: process.platform === 'win32',
    encoding: 'utf8',
  });
  if (status === 0) return ['npm packed it'];
  return stderr.includes('is not packed: it cannot be built') ? [] : [stderr];
}
