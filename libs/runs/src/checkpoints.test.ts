import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TrainerState } from '@tgan/wgan-trainer';
import { afterAll, expect, it } from 'vitest';
import { checkpointSteps, readCheckpoint, writeCheckpoint } from './checkpoints.js';
import { RunFolder } from './run-folder.js';

const folder = mkdtempSync(join(tmpdir(), 'tgan-checkpoints-'));
afterAll(() => rmSync(folder, { recursive: true }));

it('the last checkpoints and the best stay, and none of steps that come again', async () => {
  const run = await RunFolder.create(join(folder, 'run'));
  const write = async (steps: number, best?: number) => {
    const progress = { steps } as TrainerState['progress'];
    const state = { progress, arrays: new Map() };
    const facts = { config: {}, backend: 'cpu', versions: {}, position: steps };
    await writeCheckpoint(run, { ...facts, state }, { last: 2, best });
    return checkpointSteps(run);
  };
  for (const steps of [1, 2]) await write(steps);
  expect(await write(3)).toEqual([3, 2]);
  for (const steps of [4, 5]) await write(steps, 2);
  expect(await write(6, 2)).toEqual([6, 5, 2]);
  await expect(readCheckpoint(run, 4, () => {})).rejects.toThrow(
    /of step 4; its checkpoints are: 6, 5, 2$/,
  );
  expect((await readCheckpoint(run, 2, () => {})).position).toBe(2);
  expect(await write(4, 2)).toEqual([4, 2]);
  expect(await write(5, 5)).toEqual([5, 4]);
});
