import { readFileSync } from 'node:fs';

/**
 * Checks that the README of a package shows the code that its test runs: every block between two
 * lines `// README` of the test file stands in `../README.md` as it is, line after line.
 *
 * @param testFile - `import.meta.url` of the test.
 * @throws Error that shows the first block that the README lacks.
 */
export function expectReadmeToShow(testFile: string): void {
  const readme = readFileSync(new URL('../README.md', testFile), 'utf8');
  const parts = readFileSync(new URL(testFile), 'utf8').split(/^ *\/\/ README$/m);
  const blocks = parts.filter((_, i) => i % 2 === 1).map(withoutIndent);
  if (blocks.length === 0 || parts.length % 2 === 0) {
    throw new Error(`${testFile} has no block between two lines "// README"`);
  }
  for (const block of blocks) {
    if (!readme.includes(block)) throw new Error(`the README does not show this code:\n${block}`);
  }
}

function withoutIndent(block: string): string {
  const lines = block.split('\n').slice(1, -1);
  const indents = lines.filter(Boolean).map((line) => line.search(/\S/));
  const indent = Math.min(...indents);
  return lines.map((line) => line.slice(indent)).join('\n');
}
