import { expect, it } from 'vitest';
import { inspectBackends, selectBackend } from './index.js';
import { expectReadmeToShow } from '../../../tools/readme-example.js';

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

  expectReadmeToShow(import.meta.url);
});
