import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { Communicator } from '@tgan/core';
import { inThreads } from '@tgan/tensor-fixtures';
import type { WganTrainer } from '@tgan/wgan-trainer';
import type * as tf from '@tensorflow/tfjs';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { readCheckpoint } from './checkpoints.js';
import type { MetricsLine } from './metrics-log.js';
import { RunFolder } from './run-folder.js';
import runPart, { type Sessions, type Told } from './testing/run-part.js';
import { temporaryFolder, tinyConfig } from './testing/tiny-run.js';
import { checkSameState, threadsBeside } from './together.js';

const { at, remove } = temporaryFolder();
afterAll(remove);

const program = new URL('./testing/run-part.ts', import.meta.url);
const config = {
  ...tinyConfig,
  ...{ dataset: 'moving-mnist', backend: 'simd', threads: 1, batchSize: 3, steps: 3 },
  checkpointEvery: 2,
};
const together = (sessions: Sessions) =>
  inThreads<Told>(sessions.configs.length, program, sessions);

async function stateOf(folder: string) {
  const { run } = await RunFolder.open(folder);
  return readCheckpoint(run, undefined, () => {});
}

describe('a run that two processes train', () => {
  it('is what one trains; rank 0 alone writes it, and it goes on', async () => {
    const alone = await runPart(undefined, { folder: at('alone'), configs: [config] });
    expect(alone.error).toBeUndefined();
    const configs = [{ ...config, steps: 1 }, {}];
    const [lead, other] = await together({ folder: at('both'), configs, resumedTo: [3] });
    expect([lead.error, other.error]).toEqual([undefined, undefined]);

    expect(lead.results!.map(({ stepsDone }) => stepsDone)).toEqual([1, 3]);
    expect(other.results).toMatchObject([
      { folder: '', stepsDone: 1, stopped: false },
      { folder: '', stepsDone: 3, stopped: false },
    ]);
    expect(other.lines).toEqual([]);
    expect(readdirSync(at()).sort()).toEqual(['alone', 'both']);
    expect(lead.lines.map(({ step }) => step)).toEqual([1, 2, 3]);
    lead.lines.forEach(({ value, communication }, i) => {
      expect(value).toBeCloseTo(alone.lines[i].value, 3);
      expect(communication!.bytes).toBeGreaterThan(0);
      expect(communication!.seconds).toBeGreaterThanOrEqual(0);
      expect(alone.lines[i].communication).toBeUndefined();
    });
    const text = readFileSync(at('both', 'metrics.jsonl'), 'utf8').trim().split('\n');
    expect(text.map((line) => (JSON.parse(line) as MetricsLine).communication)).toEqual(
      lead.lines.map(({ communication }) => communication),
    );
    const [one, two] = await Promise.all([stateOf(at('alone')), stateOf(at('both'))]);
    expect(two.position).toBe(one.position);
    expect(two.state.progress.steps).toBe(3);
  });

  it('stops for all where a signal reaches one, and says what all lack', async () => {
    const configs = [config, {}];
    for (const { results } of await together({ folder: at('stopped'), configs, stopped: 1 })) {
      expect(results).toMatchObject([{ stopped: true, stepsDone: 0 }]);
    }
    const few = { folder: at('few'), configs: [{ ...config, batchSize: 2 }, {}, {}] };
    for (const { error } of await together(few)) {
      expect(error).toBe(
        'UsageError: --batch-size 2: each of 3 processes needs a clip; set --batch-size 3 or more',
      );
    }
    expect(existsSync(at('few'))).toBe(false);
  });
});

/** A communicator whose gathering gives what all ranks are told to have. */
const gathering = (rank: number, all: (own: unknown) => unknown[]): Communicator => ({
  ...{ rank, size: 2, deterministic: true, traffic: { bytes: 0, seconds: 0 } },
  allReduce: vi.fn(),
  broadcast: vi.fn(),
  allGather: all as Communicator['allGather'],
});

describe('checkSameState', () => {
  const array = { shape: [1], data: Float32Array.of(1) };
  const state = { progress: { steps: 7 }, arrays: new Map([['w', array]]) };
  const trainer = { stepsDone: 7, state: async () => state };
  const check = (communicator: Communicator) =>
    checkSameState(trainer as unknown as WganTrainer<tf.Tensor5D>, communicator);

  it('names the rank whose weights are others', async () => {
    await check(gathering(0, (own) => [own, own]));
    await expect(check(gathering(0, (own) => [own, 'other']))).rejects.toThrow(
      'step 7: the weights of rank 1 are not those of rank 0; the hosts must compute alike',
    );
  });
});

describe('threadsBeside', () => {
  it('divides the cores of a host among its ranks, and no others', () => {
    const all = threadsBeside(gathering(0, (own) => [own, 'another host 0-7']));
    const half = threadsBeside(gathering(0, (own) => [own, own]));
    expect(half).toBe(Math.max(1, Math.floor(all / 2)));
    const crowd = threadsBeside(gathering(0, (own) => new Array<unknown>(1000).fill(own)));
    expect(crowd).toBe(1);
  });
});
