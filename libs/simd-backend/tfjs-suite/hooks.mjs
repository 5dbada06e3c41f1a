// Module hooks for run.mjs. They load the ES modules that tfjs publishes beside its bundles, so
// that the suite and the backends share one engine, and this package's TypeScript.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import ts from 'typescript';

const dist = (name) => {
  const main = createRequire(import.meta.url).resolve(`${name}/package.json`);
  return join(dirname(main), 'dist');
};
const core = dist('@tensorflow/tfjs-core');
const cpu = dist('@tensorflow/tfjs-backend-cpu');
const source = fileURLToPath(new URL('../src', import.meta.url));

const entries = {
  '@tensorflow/tfjs': join(core, 'index.js'),
  '@tensorflow/tfjs-core': join(core, 'index.js'),
  '@tensorflow/tfjs-backend-cpu': join(cpu, 'index.js'),
};

export function resolve(specifier, context, next) {
  const file = entries[specifier] ?? unbundled(specifier, context.parentURL);
  return file ? { url: pathToFileURL(file).href, shortCircuit: true } : next(specifier, context);
}

/**
 * The file of an import without an extension in tfjs, or of `./name.js` that is TypeScript here.
 */
function unbundled(specifier, parentUrl) {
  if (specifier.startsWith('@tensorflow/tfjs-core/dist/')) {
    return `${join(core, specifier.slice('@tensorflow/tfjs-core/dist/'.length))}.js`;
  }
  if (!specifier.startsWith('.') || !parentUrl?.startsWith('file:')) return undefined;
  const base = join(dirname(fileURLToPath(parentUrl)), specifier);
  const names = [base.replace(/\.js$/, '.ts'), `${base}.js`, join(base, 'index.js')];
  return names.find((name) => name !== base && isOurs(name) && existsSync(name));
}

const isOurs = (file) => [core, cpu, source].some((folder) => file.startsWith(folder));

export async function load(url, context, next) {
  const file = url.startsWith('file:') ? fileURLToPath(url) : '';
  if (!isOurs(file)) return next(url, context);
  const text = await readFile(file, 'utf8');
  const module = file.endsWith('.ts') ? stripTypes(text) : importDefaults(text);
  return { format: 'module', source: module, shortCircuit: true };
}

const stripTypes = (text) =>
  ts.transpileModule(text, {
    compilerOptions: {
      module: ts.ModuleKind.ESNext,
      target: ts.ScriptTarget.ES2022,
      verbatimModuleSyntax: true,
    },
  }).outputText;

/** A CommonJS package has its members on its default export. */
const importDefaults = (text) =>
  text
    .replace(/import \* as (\w+) from 'seedrandom'/g, "import $1 from 'seedrandom'")
    .replace(/\/\/# sourceMappingURL=.*/, '');
