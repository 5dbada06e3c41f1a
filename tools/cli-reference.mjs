// Writes the reference of the command line from its commands, so that it says what `--help` says.
//
//   npx nx build @tgan/cli
//   node tools/cli-reference.mjs apps/docs/api/cli.md
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createProgram } from '../apps/cli/dist/program.js';
import { version } from '../apps/cli/dist/version.js';

const [out] = process.argv.slice(2);
if (!out) throw new Error('usage: node tools/cli-reference.mjs FILE');

const program = await createProgram(version, []);
const paths = leavesOf(program).map(({ path }) => path);
// Some commands make their options only when they are called.
const commands = await Promise.all(paths.map(find));
const page = [head(), ...commands.flatMap(section)].join('\n\n');
await mkdir(dirname(out), { recursive: true });
await writeFile(out, `${page}\n`);

/** The commands that do something, each with its words after `tgan`. */
function leavesOf(command, path = []) {
  if (command.commands.length === 0) return [{ path, command }];
  return command.commands.flatMap((child) => leavesOf(child, [...path, child.name()]));
}

async function find(path) {
  const leaves = leavesOf(await createProgram(version, path));
  return leaves.find((leaf) => leaf.path.join(' ') === path.join(' '));
}

function head() {
  const rows = commands.map(({ path, command }) => [
    `[\`tgan ${path.join(' ')}\`](#${anchor(path)})`,
    prose(command.summary()),
  ]);
  return [
    '---\ndescription: Every command and option of tgan\n---',
    '# Command line',
    `${program.description()} This page is made from the commands of tgan ${version};\n` +
      '`tgan COMMAND --help` shows the same. The [quick start](/quick-start) sets `tgan` up.',
    table('command', rows),
    ...notes(program),
  ].join('\n\n');
}

function section({ path, command }) {
  const help = command.createHelp();
  const args = command.registeredArguments.map((argument) => [
    `\`${argument.name()}\``,
    prose(help.argumentDescription(argument)),
  ]);
  return [
    `## tgan ${path.join(' ')} {#${anchor(path)}}`,
    fence('text', help.commandUsage(command)),
    prose(command.description()),
    ...(args.length > 0 ? [table('argument', args)] : []),
    ...options(command, help),
    ...notes(command),
  ];
}

function anchor(path) {
  return ['tgan', ...path].join('-');
}

/** A table of the options, and one more for each group that the help has. */
function options(command, help) {
  const shown = command.options.filter(({ hidden }) => !hidden);
  const headings = [...new Set(shown.map(({ helpGroupHeading }) => helpGroupHeading))];
  return headings.flatMap((heading) => {
    const members = shown.filter(({ helpGroupHeading }) => helpGroupHeading === heading);
    const rows = members.map((option) => [
      `\`${option.flags.replaceAll('|', '\\|')}\``,
      prose(help.optionDescription(option)),
    ]);
    return [...(heading ? groupHead(heading) : []), table('option', rows)];
  });
}

/** The heading of an axis, such as `--model, the networks to train:`, lists its entries. */
function groupHead(heading) {
  const [title, ...lines] = heading.trim().split('\n');
  const [, axis, purpose] = /^(--[\w-]+), (.*):$/.exec(title) ?? [];
  if (!axis) return [`### ${title.replace(/:$/, '')}`];
  const entries = lines.map((line) => {
    const [, name, description] = /^\s*(\S+)\s+(.*)$/.exec(line);
    return [`\`${name}\``, prose(description)];
  });
  return [`### \`${axis}\`: ${purpose}`, table('name', entries)];
}

/** What the help says after the options: lists and examples under headings, and sentences. */
function notes(command) {
  let text = '';
  const write = (more) => (text += more);
  command.emit('afterHelp', { error: false, command, write });
  const paragraphs = text.trim().split(/\n{2,}/);
  return paragraphs.filter(Boolean).flatMap((paragraph) => {
    const [title, ...lines] = paragraph.split('\n');
    if (lines.length === 0) return [prose(title)];
    const shell = /^Examples?:$/.test(title);
    const block = outdent(lines);
    return [title, fence(shell ? 'sh' : 'text', (shell ? block.map(comment) : block).join('\n'))];
  });
}

function outdent(lines) {
  const least = Math.min(...lines.map((line) => line.search(/\S/)));
  return lines.map((line) => line.slice(least));
}

/** In the help, a column beside a command says what it does. In a shell, that is a comment. */
function comment(line) {
  return line.replace(/^(.*?\S {2,})(?=[^\s#])/, '$1# ');
}

function fence(language, text) {
  return `\`\`\`${language}\n${text}\n\`\`\``;
}

/** Flags in a sentence as code, and nothing that a table would take for its own. */
function prose(text) {
  return text.replaceAll('|', '\\|').replaceAll(/(?<![\w`-])--[a-z][\w-]*/g, '`$&`');
}

function table(what, rows) {
  return [[what, 'what it does'], ['---', '---'], ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}
