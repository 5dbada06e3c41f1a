import { cpSync, mkdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { toPixels } from '@tgan/video-io';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { exportRun } from './export/export.js';
import { RunFolder } from './run-folder.js';
import { readOnnx } from './testing/run-onnx.js';
import { temporaryFolder } from './testing/tiny-run.js';
import { resume } from './train.js';
import { openRun } from './trained-run.js';

const fixture = (name: string) => fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url));
const { at, remove } = temporaryFolder();
beforeAll(() => {
  cpSync(fixture('run-0.1.0'), at('run'), { recursive: true });
  mkdirSync(at('run', 'samples')); // The fixture has no samples, and git keeps no empty folder.
});
afterAll(remove);

const linesOf = (path: string) =>
  readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

it('is sampled as it was then', async () => {
  const run = await openRun(at('run'), { backend: 'cpu' });
  expect(run.config).toMatchObject({
    ...{ model: 'tgan', initializer: 'he', leakyReluAlpha: 0.3, optimizer: 'adam' },
  });
  expect(run.config).not.toHaveProperty('weightLimit');
  const videos = await run.sample({ count: 2 });
  run.dispose();
  const made = toPixels((await videos.data()) as Float32Array);
  videos.dispose();
  // A video is a row of four frames of 32 x 32 pixels, with two pixels between them.
  const { data, info } = await sharp(fixture('run-0.1.0-sample.png'))
    .toColorspace('b-w')
    .raw()
    .toBuffer({ resolveWithObject: true });
  let worst = 0;
  made.forEach((pixel, i) => {
    const [x, y, frame, video] = [i, i >> 5, i >> 10, i >> 12].map((n, k) => n % [32, 32, 4, 2][k]);
    const then = data[(video * 34 + y) * info.width + frame * 34 + x];
    worst = Math.max(worst, Math.abs(pixel - then));
  });
  expect(worst).toBeLessThanOrEqual(1);
});

it('is exported', async () => {
  const out = await exportRun(at('run'), { format: 'onnx', out: at('generator.onnx') });
  expect(readOnnx(readFileSync(out)).graph.inputs.map(({ name }) => name)).toEqual(['z0', 'label']);
  await exportRun(at('run'), { format: 'safetensors', out: at('weights.safetensors') });
  await exportRun(at('run'), { format: 'layers', out: at('layers') });
});

it('goes on to the numbers that it would have come to then', async () => {
  const result = await resume(at('run'), { changes: { steps: 6 } });
  expect(result).toMatchObject({ stepsDone: 6, stopped: false });
  const now = linesOf(at('run', 'metrics.jsonl')).slice(3);
  const then = linesOf(fixture('run-0.1.0-resumed.jsonl'));
  expect(now.map(({ step }) => step)).toEqual([4, 5, 6]);
  now.forEach((line, i) => {
    for (const key of ['value', 'real', 'fake']) {
      expect(line[key]).toBeCloseTo(then[i][key] as number, 5);
    }
  });
  expect(now[2]['distance']).toBeCloseTo(then[2]['distance'] as number, 5);
  const { config } = await RunFolder.open(at('run'));
  expect(config).toMatchObject({ steps: 6, optimizer: 'adam' });
});
