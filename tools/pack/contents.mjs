// What is in a tarball, and what its code imports.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import ts from 'typescript';
import { packageOf } from './packages.mjs';

/** Unpacks a tarball, as npm does when it installs it. */
export function unpack({ tarball }, into) {
  mkdirSync(into, { recursive: true });
  execFileSync('tar', ['xzf', tarball, '--strip-components=1', '-C', into]);
}

/**
 * What is wrong with a tarball.
 *
 * @param budget - the most bytes that it may have.
 * @returns a line for each problem.
 */
export function problemsOfContents({ manifest, files, bytes }, budget) {
  const problems = [];
  const has = (file) => files.includes(file.replace(/^\.\//, ''));
  for (const file of [
    'LICENSE',
    'README.md',
    ...filesIn(manifest.exports),
    ...filesIn(manifest.bin),
  ]) {
    if (!has(file)) problems.push(`it lacks ${file}`);
  }
  const unwanted = /\.(test|bench)\.|(^|\/)(testing|fixtures)\/|\.tsbuildinfo$|^dist\/docs\//;
  for (const file of files.filter((file) => unwanted.test(file))) problems.push(`it holds ${file}`);
  // A source map names its source by path. An editor shows it when someone goes to a definition.
  for (const file of files.filter((file) => /^dist\/.*\.js$/.test(file))) {
    const source = file.replace(/^dist/, 'src').replace(/\.js$/, '.ts');
    if (manifest.exports?.['.'] && !has(source)) problems.push(`${file} has no source ${source}`);
  }
  for (const field of ['repository', 'homepage', 'bugs', 'keywords', 'engines', 'license']) {
    if (!manifest[field]) problems.push(`its package.json has no ${field}`);
  }
  if (manifest.publishConfig?.access !== 'public') problems.push('npm would publish it as private');
  if (manifest.sideEffects === undefined && manifest.exports?.['.']) {
    problems.push('its package.json does not say whether it has side effects');
  }
  if (!(bytes <= budget)) problems.push(`it has ${bytes} bytes; the budget is ${budget}`);
  return problems;
}

/** The imports of unpacked code and typings that package.json does not declare. */
export function undeclaredImports(folder, manifest) {
  const declared = new Set([
    manifest.name,
    ...Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies }),
    ...Object.keys(manifest.optionalDependencies ?? {}),
  ]);
  const problems = new Set();
  const dist = join(folder, 'dist');
  for (const file of readdirSync(dist, { recursive: true, encoding: 'utf8' })) {
    if (!/\.(js|d\.ts)$/.test(file)) continue;
    const text = readFileSync(join(dist, file), 'utf8');
    const { importedFiles, typeReferenceDirectives } = ts.preProcessFile(text, true, true);
    for (const { fileName } of [...importedFiles, ...typeReferenceDirectives]) {
      if (fileName.startsWith('.') || fileName.startsWith('node:')) continue;
      const name = packageOf(fileName);
      if (builtinModules.includes(name) || declared.has(name)) continue;
      problems.add(`dist/${file} imports ${fileName}, which package.json does not declare`);
    }
  }
  return [...problems];
}

function filesIn(field) {
  if (typeof field === 'string') return [field];
  const parts = Object.entries(field ?? {}).filter(([condition]) => condition !== '@tgan/source');
  return parts.flatMap(([, part]) => filesIn(part));
}
