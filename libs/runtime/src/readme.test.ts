import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { inspectBackends, selectBackend } from './index.js';

it('does what the README shows', async () => {
  // README
  const { name, runsOn, reason } = await selectBackend('cpu'); // or 'auto', the fastest that starts
  console.log(`${name}: ${runsOn}, because ${reason}`);

  for (const { name, runsOn, problem, remedy } of await inspectBackends()) {
    console.log(name, runsOn ?? `${problem}; to get it: ${remedy}`);
  }
  // README
  expect(name).toBe('cpu');
  expect(reason).toBe('it was asked for');
  expect(runsOn).toMatch(/@tensorflow\/tfjs/);

  const [source, readme] = await Promise.all(
    [import.meta.url, '../README.md'].map((file) =>
      readFile(new URL(file, import.meta.url), 'utf8'),
    ),
  );
  for (const line of source.split('// README')[1].split('\n')) {
    expect(readme).toContain(line.trim());
  }
});
