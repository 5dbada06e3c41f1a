import { expectClose } from '@tgan/tensor-fixtures';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { type Backend } from './backends.js';
import { BackendError, backendNames, inspectBackends, selectBackend } from './select-backend.js';

const fake = (name: string, problem?: string): Backend => ({
  name,
  summary: `the ${name} one`,
  remedy: `install ${name}`,
  async start() {
    if (problem) throw new Error(problem);
    return `${name} 1.0`;
  },
});

describe('selectBackend', () => {
  it('starts a backend on which tensors work', async () => {
    const selected = await selectBackend('cpu');
    expect(selected).toMatchObject({ name: 'cpu', reason: 'it was asked for' });
    expect(tf.getBackend()).toBe('cpu');
    const sum = tf.tidy(() => tf.tensor1d([1, 2]).sum());
    expectClose(sum, [3], 0);
    sum.dispose();
  });

  it('takes the first that starts, and says why', async () => {
    expect(await selectBackend('auto', undefined, [fake('fast'), fake('slow')])).toEqual({
      name: 'fast',
      runsOn: 'fast 1.0',
      reason: 'it is the fastest',
    });
    expect(
      await selectBackend('auto', undefined, [fake('fast', 'not installed'), fake('slow')]),
    ).toEqual({
      name: 'slow',
      runsOn: 'slow 1.0',
      reason: 'nothing faster runs here: fast (not installed)',
    });
  });

  it('passes on how many threads compute', async () => {
    const seen: (number | undefined)[] = [];
    const threaded: Backend = {
      ...fake('threaded'),
      start: async (threads) => `${seen.push(threads)} starts`,
    };
    await selectBackend('threaded', 3, [threaded]);
    await selectBackend('threaded', undefined, [threaded]);
    expect(seen).toEqual([3, undefined]);
  });

  it('always finds one for auto', async () => {
    expect(backendNames).toContain((await selectBackend('auto')).name);
  });

  it('says what there is, and how to get what is missing', async () => {
    await expect(selectBackend('cuda')).rejects.toThrow(BackendError);
    await expect(selectBackend('cuda')).rejects.toThrow(
      /no backend "cuda"; choose from: auto, .*cpu/,
    );
    await expect(selectBackend('fast', undefined, [fake('fast', 'not installed')])).rejects.toThrow(
      'the backend fast cannot run here: not installed. To get it: install fast',
    );
    await expect(selectBackend('auto', undefined, [fake('a', 'b')])).rejects.toThrow(
      /no backend runs here/,
    );
  });
});

describe('inspectBackends', () => {
  it('reports each backend, running or not', async () => {
    expect(await inspectBackends([fake('fast', 'not installed'), fake('slow')])).toEqual([
      { name: 'fast', summary: 'the fast one', remedy: 'install fast', problem: 'not installed' },
      { name: 'slow', summary: 'the slow one', remedy: 'install slow', runsOn: 'slow 1.0' },
    ]);
  });
});
