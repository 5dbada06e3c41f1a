// Removes from a project's dist what tsc made of sources that are gone: tsc itself never does.
//
//   node tools/remove-stale.mjs libs/core
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';

const [project] = process.argv.slice(2);
const dist = join(project, 'dist');
const outputs = existsSync(dist)
  ? readdirSync(dist, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  : [];
for (const { parentPath, name } of outputs) {
  const output = join(parentPath, name);
  const [, module] = /^(.*?)(\.d\.ts|\.js)(\.map)?$/.exec(relative(dist, output)) ?? [];
  if (module === undefined || /^docs[/\\]/.test(module)) continue;
  if (!existsSync(join(project, 'src', `${module}.ts`))) rmSync(output);
}
