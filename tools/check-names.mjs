// Finds lists of the names of models, objectives, constraints, optimizers, schedules or data sets.
// The registries hold these names, and everything else derives from them.
//
//   node tools/check-names.mjs
//
// A list is code in which several names of one axis are quoted, or are keys, within a few lines.
// Tests, presets and prose may name what they need. Build first.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { axisNames, builtInAxes } from '@tgan/runs/config';

/** Names that are this many lines apart belong to one list. */
const LINES = 6;

/**
 * The lists of names in a text.
 *
 * @param axes - the names by axis.
 * @returns the line, the axis and the names of each list.
 */
export function findLists(text, axes) {
  const lines = text.split('\n').map((line) => line.replace(/^\s*(\*|\/\/|\/\*).*/, ''));
  const lists = [];
  for (const [axis, names] of Object.entries(axes)) {
    const places = lines.flatMap((line, i) =>
      names.filter((name) => says(line, name)).map((name) => ({ name, line: i + 1 })),
    );
    for (const { line } of places) {
      const near = places.filter((place) => place.line >= line && place.line < line + LINES);
      const found = [...new Set(near.map(({ name }) => name))];
      if (found.length < Math.min(3, names.length)) continue;
      if (lists.some((list) => list.axis === axis && line < list.line + LINES)) continue;
      lists.push({ axis, line, names: found });
    }
  }
  return lists;
}

/** Whether a line of code has a name in quotes, or as a key or a branch. */
function says(line, name) {
  const plain = name.replaceAll(/[^\w-]/g, '\\$&');
  const key = /^[a-z]\w*$/.test(name) ? `|(?:^|[{,(])\\s*${plain}(?=\\s*[:,}])` : '';
  return new RegExp(`(['"\`])${plain}\\1${key}`).test(line);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const axes = Object.fromEntries(
    axisNames.map((axis) => [axis, builtInAxes.entries(axis).map(({ name }) => name)]),
  );
  // A check that cannot fail checks nothing.
  for (const [axis, names] of Object.entries(axes)) {
    const list = `const names = [${names.map((name) => `'${name}'`).join(', ')}];`;
    if (findLists(list, { [axis]: names }).length !== 1) throw new Error(`${axis}: ${list}`);
  }
  const tracked = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], {
    encoding: 'utf8',
  });
  const files = tracked
    .split('\n')
    .filter((file) => /\.(ts|mts|js|mjs|cjs|vue)$/.test(file))
    .filter((file) => !/\.(test|bench)\.ts$|(^|\/)(testing|e2e|fixtures)\//.test(file));
  let count = 0;
  for (const file of files) {
    for (const { axis, line, names } of findLists(readFileSync(file, 'utf8'), axes)) {
      console.log(`${file}:${line}: a list of names of the axis ${axis}: ${names.join(', ')}`);
      count++;
    }
  }
  if (count > 0) {
    console.log('take the names from the registries: builtInAxes of @tgan/runs/config');
    process.exitCode = 1;
  }
}
