// Runs what the texts claim: the commands and the code of README.md, the guides, and the READMEs of
// the packages. Each text is run from its beginning to its end in a folder of its own: its commands
// in order, then each block of code as a module.
//
//   node tools/texts/check.mjs
//   ONLY=metrics node tools/texts/check.mjs     # the texts whose path matches
//
// `tgan` is quick here: tgan.mjs makes networks and runs small. Code that a test of a package runs,
// word for word, is left to that test; texts.mjs lists what else is not run, and why. A comment
// such as `// [4, 16, 64, 64, 1]` after a constant is compared with its shape. Build first: npx nx
// run-many -t build.
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transform } from 'esbuild';
import { blocksOf, commandsOf, testedCode } from './blocks.mjs';
import { notRun, texts } from './texts.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const only = new RegExp(process.env.ONLY ?? '');
const tested = testedCode(root);
const problems = [];
/** Lines of errors that are shown of a text that fails: what went wrong stands at their end. */
const LINES = 12;
const reasonsUsed = new Set();
const counts = { passed: 0, failed: 0 };

/** The paths of all texts. */
function paths() {
  const inFolder = (folder, name = '') =>
    (existsSync(join(root, folder)) ? readdirSync(join(root, folder)) : []).map((entry) =>
      join(folder, entry, name),
    );
  const all = [
    'README.md',
    ...inFolder('docs'),
    ...inFolder('apps/docs/pages'),
    ...inFolder('libs', 'README.md'),
    ...inFolder('apps', 'README.md'),
  ];
  return all.filter((path) => path.endsWith('.md') && existsSync(join(root, path)));
}

/** What is to be run of a text, after what texts.mjs replaces. */
function partsOf(path) {
  let markdown = readFileSync(join(root, path), 'utf8');
  for (const [from, to] of texts[path]?.instead ?? []) {
    if (!markdown.includes(from)) throw new Error(`texts.mjs: ${path} does not have ${from}`);
    markdown = markdown.replaceAll(from, () => to);
  }
  const blocks = blocksOf(markdown);
  const shell = blocks.filter(({ language }) => language === 'sh');
  const code = blocks.filter(({ language }) => language === 'ts' || language === 'js');
  return {
    commands: shell.flatMap(({ text }) => commandsOf(text)).filter(isRun),
    files: code.filter(({ text }) => fileName(text)),
    modules: code.filter(({ text }) => !fileName(text) && !isTested(text) && isRun(text)),
  };
}

/** The name of a module that a text shows as a file, which its commands import. */
const fileName = (text) => /^\/\/ (\S+\.mjs)\n/.exec(text)?.[1];

const isTested = (text) => tested.some((part) => text.includes(part));

function isRun(text) {
  const reason = notRun.find(({ matching }) => matching.test(text));
  if (reason) reasonsUsed.add(reason);
  return !reason;
}

async function check(path) {
  const { commands, files, modules } = partsOf(path);
  if (commands.length + modules.length === 0) return;
  const folder = mkdtempSync(join(tmpdir(), 'tgan-texts-'));
  try {
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    await texts[path]?.before?.(folder);
    for (const { text } of files) writeFileSync(join(folder, fileName(text)), text);
    if (commands.length > 0) {
      conclude(`${path}: ${commands.length} commands`, runCommands(folder, commands));
    }
    for (const { line, text } of modules) {
      conclude(`${path}:${line}`, await runModule(folder, (texts[path]?.code ?? '') + text));
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Runs commands in one shell. */
function runCommands(folder, commands) {
  const tgan = `tgan() { '${process.execPath}' '${here('tgan.mjs')}' "$@"; }`;
  const script = ['set -euo pipefail', tgan, ...commands, ''].join('\n');
  return run(folder, 'bash', ['-c', script]);
}

async function runModule(folder, text) {
  const { code } = await transform(withShapes(text), { loader: 'ts', format: 'esm' });
  writeFileSync(join(folder, 'block.mjs'), code);
  return run(folder, process.execPath, ['--import', here('preload.mjs'), 'block.mjs']);
}

/** After each constant with a shape in its comment, the check that preload.mjs has. */
const withShapes = (text) =>
  text.replaceAll(
    /^const (\w+) = .*; \/\/ (\[[\d, ]+\]).*$/gm,
    (line, name, shape) => `${line}\nexpectShape('${name}', ${name}, ${shape});`,
  );

/** Runs a program. @returns what it printed if it failed. */
function run(folder, program, args) {
  const { status, error, stdout, stderr } = spawnSync(program, args, {
    cwd: folder,
    encoding: 'utf8',
    timeout: 600_000,
  });
  return status === 0 ? undefined : `${stdout}\n${lastLines(stderr)}\n${error ?? ''}`;
}

const lastLines = (text) => text.trimEnd().split('\n').slice(-LINES).join('\n');

function conclude(title, problem) {
  counts[problem === undefined ? 'passed' : 'failed']++;
  if (problem !== undefined) problems.push(`FAIL ${title}\n${problem}`);
  console.log(`${problem === undefined ? 'ok  ' : 'FAIL'} ${title}`);
}

for (const path of paths().filter((path) => only.test(path))) {
  await check(path).catch((error) => conclude(path, error.stack));
}
if (!process.env.ONLY) {
  for (const reason of notRun.filter((reason) => !reasonsUsed.has(reason))) {
    conclude('texts.mjs', `no text has ${reason.matching}`);
  }
}
for (const problem of problems) console.log(`\n${problem}`);
console.log(`${counts.passed} passed, ${counts.failed} failed`);
process.exitCode = counts.failed === 0 ? 0 : 1;
