import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './packages.mjs';

/**
 * The code of the packages' READMEs and of that of the repository, each block as a module of its
 * own. A reader who copies a block gets something that compiles.
 *
 * Values that a function returns are shown in blocks `js`, which are left out.
 */
export function readmeModules(libs) {
  const readmes = [
    ['readme', join(root, 'README.md')],
    ...libs.map(({ name, folder }) => [name.split('/')[1], join(root, folder, 'README.md')]),
  ];
  const modules = {};
  for (const [name, file] of readmes) {
    const blocks = readFileSync(file, 'utf8').matchAll(/^( *)```ts\n([^]*?)^ *```$/gm);
    [...blocks].forEach(([, indent, code], i) => {
      const text = code.replaceAll(new RegExp(`^${indent}`, 'gm'), '');
      modules[`${name}-${i + 1}.ts`] = `${text}\nexport {};\n`;
    });
  }
  return modules;
}
