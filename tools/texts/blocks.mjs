// The fenced blocks of a text, and which of them a package's test runs.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** @typedef {{ language: string, line: number, text: string }} Block */

/**
 * The fenced blocks of a Markdown text, without the indent of a list, each with the number of its
 * first line.
 *
 * @returns {Block[]}
 */
export function blocksOf(markdown) {
  const fences = markdown.matchAll(/^( *)```(\w*)[^\n]*\n([^]*?)^ *```$/gm);
  return [...fences].map(({ index, 1: indent, 2: language, 3: text }) => ({
    language,
    line: markdown.slice(0, index).split('\n').length + 1,
    text: text.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
  }));
}

/** The commands of a block of shell: a line each, or several where a backslash joins them. */
export function commandsOf(text) {
  const lines = text.replaceAll(/\\\n\s*/g, '').split('\n');
  return lines.filter((line) => line && !line.startsWith('#'));
}

/** The code that tests of packages run and compare with a text, as it stands in the text. */
export function testedCode(root) {
  return readdirSync(join(root, 'libs'))
    .map((lib) => join(root, 'libs', lib, 'src'))
    .filter(existsSync)
    .flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)))
    .filter((file) => file.endsWith('.test.ts'))
    .flatMap((file) => markedParts(readFileSync(file, 'utf8')));
}

/** What stands between two lines `// README`, or between `// begin` and `// end`. */
function markedParts(test) {
  const parts = test.split(/^ *\/\/ (?:README|begin|end)$/m);
  return parts.filter((_, i) => i % 2 === 1).map(withoutIndent);
}

function withoutIndent(part) {
  const lines = part.split('\n').filter(Boolean);
  const indent = Math.min(...lines.map((line) => line.search(/\S/)));
  return part.replaceAll(new RegExp(`^ {${indent}}`, 'gm'), '').trim();
}
