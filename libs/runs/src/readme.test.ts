import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { inspectBackends, openRun, resume, train, writePicture } from './index.js';
import { expectReadmeToShow } from '../../../tools/readme-example.js';

// Inside the repository, where the thread that makes batches finds vite in a test.
const folder = mkdtempSync(
  fileURLToPath(new URL('../../../node_modules/.readme-', import.meta.url)),
);
const before = process.cwd();
beforeAll(() => process.chdir(folder));
afterAll(() => {
  process.chdir(before);
  rmSync(folder, { recursive: true });
});

it('does what the README shows', async () => {
  // README
  const folder = 'runs/first';
  const config = {
    dataset: 'moving-mnist',
    model: 'tgan',
    imageSize: 32,
    frames: 4,
    temporalWidths: [8, 4],
    imageWidths: [8, 4, 4],
    criticWidths: [4, 8],
    batchSize: 4,
    steps: 2,
  };
  await train(config, { folder, onStep: ({ step, value }) => console.log(step, value) });
  await resume(folder, { changes: { steps: 4 } });

  const run = await openRun(folder);
  const videos = await run.sample({ count: 9, seed: 1 });
  await writePicture('nine.gif', videos);
  videos.dispose();
  run.dispose();
  // README
  expect(existsSync('nine.gif')).toBe(true);
  expect(existsSync('runs/first/checkpoints/step-0000004.safetensors')).toBe(true);
  // README
  for (const { name, runsOn, problem, remedy } of await inspectBackends()) {
    console.log(name, runsOn ?? `${problem}; to get it: ${remedy}`);
  }
  // README
  expectReadmeToShow(import.meta.url);
});
