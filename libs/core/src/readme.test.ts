import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import * as z from 'zod';
import { expectReadmeToShow } from '../../../tools/readme-example.js';
import { lockFile } from './node.js';
import { formatNpz, OptionsError, parseNpz, parseOptions, Random, Registry } from './index.js';

it('shows random numbers in the README', () => {
  // README
  const random = new Random(42);
  const z0 = random.uniform(100, -1, 1); // Float32Array(100) in [-1, 1)
  const saved = JSON.stringify(random.state);
  const next = random.integer(10); // 0 .. 9
  const again = Random.restore(JSON.parse(saved)).integer(10); // the same as next
  // README
  expect(z0).toHaveLength(100);
  expect(again).toBe(next);
});

it('shows checked options in the README', () => {
  // README
  const schema = z.strictObject({
    frames: z.int().min(1).default(16),
    initializer: z.enum(['he', 'lecun']).default('he'),
  });
  const options = parseOptions(schema, { frames: 8 }, 'critic'); // { frames: 8, initializer: 'he' }

  let message = '';
  try {
    parseOptions(schema, { frame: 8 }, 'critic');
  } catch (error) {
    if (error instanceof OptionsError) message = error.message;
  }
  // critic: unknown option "frame", did you mean "frames"?
  // README
  expect(options).toEqual({ frames: 8, initializer: 'he' });
  expect(message).toBe('critic: unknown option "frame", did you mean "frames"?');
});

it('shows a registry in the README', async () => {
  // README
  const losses = new Registry<(error: number) => number>('loss');
  losses.add({
    name: 'huber',
    description: 'a square near zero and a line elsewhere',
    options: z.strictObject({ delta: z.number().default(1).describe('where the line begins') }),
    create:
      ({ delta }) =>
      (error) =>
        Math.abs(error) < delta ? error ** 2 / 2 : delta * (Math.abs(error) - delta / 2),
  });
  const huber = await losses.create('huber', { delta: 2 });
  // README
  expect(huber(1)).toBe(0.5);
  expect(huber(3)).toBe(4);
});

it('shows NumPy files in the README', () => {
  // README
  const clip = { type: 'u1', shape: [2, 3], data: Uint8Array.of(1, 2, 3, 4, 5, 6) } as const;
  const file = formatNpz([['clip', clip]]); // as numpy.savez writes it
  const { shape, data } = parseNpz(file).get('clip')!;
  // README
  expect({ shape, data }).toEqual({ shape: clip.shape, data: clip.data });
});

it('shows locks in the README', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tgan-readme-'));
  const before = process.cwd();
  process.chdir(folder);
  const console = { log: vi.fn() };
  // README
  const lock = await lockFile('clips.tgan.lock', 'prepares clips.tgan');
  try {
    console.log('nobody else prepares it now');
  } finally {
    await lock.release();
  }
  // README
  expect(readdirSync(folder)).toEqual([]);
  process.chdir(before);
  rmSync(folder, { recursive: true });
});

it('is the code of the README', () => expectReadmeToShow(import.meta.url));
