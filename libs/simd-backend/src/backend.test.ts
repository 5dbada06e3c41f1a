import { Random } from '@tgan/core';
import { expectClose, expectNoLeaks } from '@tgan/tensor-fixtures';
import * as tf from '@tensorflow/tfjs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { SimdBackend, SimdMemory } from './backend.js';
import { HeapLimitError } from './heap.js';
import { Pool } from './pool.js';
import type { SimdOptions } from './options.js';
import { registerSimdBackend } from './register.js';

const MEGABYTE = 2 ** 20;

async function start(options: SimdOptions): Promise<SimdBackend> {
  const backend = await registerSimdBackend(options);
  await tf.setBackend('simd');
  return backend;
}

afterEach(async () => {
  await tf.setBackend('cpu');
  if (tf.findBackend('simd')) tf.removeBackend('simd');
});

const values = (shape: number[], seed: number) =>
  tf.tensor(new Random(seed).uniform(tf.util.sizeFromShape(shape), -1, 1), shape);

/**
 * A small critic's value and gradients: thin, tiled and pointwise convolutions, batch norm, matMul
 * and sums.
 */
function step(): Float32Array[] {
  return tf.tidy(() => {
    const x = values([2, 4, 16, 16, 3], 1);
    const weights = [
      values([4, 4, 4, 3, 16], 2),
      values([4, 4, 4, 16, 32], 3),
      values([32, 8], 4),
      values([32], 5),
    ];
    const f = (...ws: tf.Tensor[]) => {
      let h: tf.Tensor = tf.leakyRelu(tf.conv3d(x as tf.Tensor5D, ws[0] as tf.Tensor5D, 2, 'same'));
      h = tf.conv3d(h as tf.Tensor5D, ws[1] as tf.Tensor5D, 2, 'same').reshape([-1, 32]);
      h = tf.tanh(h.add(ws[3]).mul(0.1)).matMul(ws[2]);
      return h.square().mean() as tf.Scalar;
    };
    const { value, grads } = tf.valueAndGrads(f)(weights);
    return [value, ...grads].map((t) => t.dataSync() as Float32Array);
  });
}

/** The same of a small classifier of pictures: depthwise convolutions, pooling and the like. */
function classify(): Float32Array[] {
  return tf.tidy(() => {
    const x = values([4, 48, 48, 40], 1) as tf.Tensor4D;
    const weights = [values([3, 3, 40, 2], 2), values([90, 24], 3)];
    const labels = tf.tensor1d([3, 0, 7, 3], 'int32');
    const f = (...ws: tf.Tensor[]) => {
      let h: tf.Tensor4D = tf.relu6(tf.depthwiseConv2d(x, ws[0] as tf.Tensor4D, 1, 'same'));
      h = tf.avgPool(tf.maxPool(h, 3, 2, 'same'), 2, 2, 'valid');
      h = tf.image.resizeBilinear(h, [20, 20]).cumsum(3);
      const rows = tf.gather(ws[1], labels).tile([1, 10]).mean(1);
      const scores = tf.softmax(h.mean([1, 2]).mul(0.01));
      return scores.log().mean().add(rows.sum()) as tf.Scalar;
    };
    const { value, grads } = tf.valueAndGrads(f)(weights);
    return [value, ...grads].map((t) => t.dataSync() as Float32Array);
  });
}

const both = () => [...step(), ...classify()];

describe('SimdBackend', () => {
  it('gives the same bits with 1, 2 and 4 threads, run after run, and those of cpu to 1e-5', async () => {
    const runs: Float32Array[][] = [];
    for (const threads of [1, 2, 4, 4]) {
      const backend = await start({ threads });
      expect(backend.threads).toBe(threads);
      runs.push(both(), both());
      tf.removeBackend('simd');
    }
    for (const run of runs.slice(1)) expect(run).toEqual(runs[0]);
    await tf.setBackend('cpu');
    both().forEach((expected, i) => expectClose(runs[0][i], expected, 1e-5, `result ${i}`));
  });

  it('has a build without relaxed SIMD too', async () => {
    const backend = await start({ threads: 2, build: 'simd' });
    expect(backend.build).toBe('simd');
    const plain = both();
    await tf.setBackend('cpu');
    both().forEach((expected, i) => expectClose(plain[i], expected, 1e-5, `result ${i}`));
  });

  it('gives the same bits on wide vectors, or says what they need', async () => {
    const joins = process.arch === 'x64' && Number.parseInt(process.versions.node) >= 24;
    if (!joins) {
      await expect(registerSimdBackend({ build: 'wide-simd' })).rejects.toThrow(/Node 24 or later/);
      return;
    }
    await start({ threads: 2, build: 'relaxed-simd' });
    const narrow = step();
    tf.removeBackend('simd');
    const backend = await start({ threads: 2, build: 'wide-simd' });
    expect(backend.wide).toBe(true);
    // V8 joins vectors in functions that ran often.
    for (let i = 0; i < 50; i++) step();
    expect(step()).toEqual(narrow);
  });

  it('frees all it allocated, cached filter transforms included, and does not grow over steps', async () => {
    await start({ threads: 2 });
    const heap = () => tf.memory() as unknown as SimdMemory;
    await expectNoLeaks(() => void step());
    expect(heap().heapBytesInUse).toBe(0);
    expect(heap().unreliable).toBe(false);
    const reserved = heap().heapBytesReserved;
    for (let i = 0; i < 20; i++) step();
    expect(heap().heapBytesReserved).toBe(reserved);
    expect(heap().heapBytesInUse).toBe(0);
  });

  it('uses new weights after an assignment, not the transforms of the old', async () => {
    await start({ threads: 1 });
    tf.tidy(() => {
      const x = values([1, 8, 8, 8], 1) as tf.Tensor4D;
      const w = tf.variable(values([4, 4, 8, 8], 2)) as tf.Variable<tf.Rank.R4>;
      const before = tf.conv2d(x, w, 2, 'same');
      w.assign(w.mul(2) as tf.Tensor4D);
      expectClose(tf.conv2d(x, w, 2, 'same'), before.mul(2), 1e-6);
    });
  });

  it('hands out values that later tensors do not overwrite', async () => {
    await start({ threads: 1 });
    const x = tf.tidy(() => values([100], 1).add(1));
    const part = x.slice(10, 20);
    const kept = part.dataSync();
    const expected = Float32Array.from(kept);
    tf.dispose(x);
    for (let i = 0; i < 20; i++) tf.tidy(() => void tf.ones([100]).mul(i));
    expect(part.dataSync()).toEqual(expected);
    tf.dispose(part);
    for (let i = 0; i < 20; i++) tf.tidy(() => void tf.ones([20]).mul(i));
    expect(kept).toEqual(expected);
  });

  it('runs what it does not speed up on the kernels of cpu', async () => {
    await start({ threads: 2 });
    tf.tidy(() => {
      const x = tf.tensor2d([3, 1, 2, 4], [2, 2]).mul(1);
      expectClose(x.topk(1).values, [3, 4], 0);
      expectClose(x.cumsum(1), [3, 4, 2, 6], 0);
      expect([...x.argMax(1).dataSync()]).toEqual([0, 1]);
      expectClose(tf.tensor1d([1, 2], 'int32').add(tf.tensor1d([3, 4], 'int32')), [4, 6], 0);
      // A cpu kernel that returns a view of its input.
      expectClose(tf.reverse(x.slice([1, 0], [1, 2]), 1), [4, 2], 0);
    });
  });

  it('says which operation asked for more than maxMemory', async () => {
    await start({ threads: 1, maxMemory: 32 * 2 ** 20 });
    const x = tf.zeros([4 * 2 ** 20]);
    expect(() => tf.tidy(() => tf.add(x, x).add(1))).toThrow(HeapLimitError);
    expect(() => tf.tidy(() => tf.add(x, x).add(1))).toThrow(/asked for by Add: .* MB in use/);
    // It goes on working.
    expectClose(
      tf.tidy(() => tf.ones([3]).add(1)),
      [2, 2, 2],
      0,
    );
    tf.dispose(x);
  });

  it('gives back what a kernel took before it ran out of memory', async () => {
    await start({ threads: 1, maxMemory: 32 * MEGABYTE });
    const heap = () => (tf.memory() as unknown as SimdMemory).heapBytesInUse;
    const zeros = (megabytes: number) => tf.fill([megabytes, MEGABYTE / 4], 0);
    const x = zeros(12);
    const failsAndForgets = (run: () => tf.Tensor | tf.Tensor[]) => {
      const before = [heap(), tf.engine().backend.numDataIds()];
      expect(() => tf.tidy(run)).toThrow(HeapLimitError);
      expect([heap(), tf.engine().backend.numDataIds()]).toEqual(before);
    };
    // There is room for the first of two sums, and of two halves.
    failsAndForgets(() => tf.addN([x, x, x]));
    const rest = zeros(12);
    failsAndForgets(() => tf.split(x, 2));
    tf.dispose([x, rest]);
    expect(heap()).toBe(0);
  });

  it('makes a derived form anew when the first attempt ran out of memory', async () => {
    const backend = await start({ threads: 1 });
    tf.tidy(() => {
      const x = tf.ones([8]).add(0);
      const fill = (value: number) => (at: number) => void backend.floats(at, 1).fill(value);
      const failing = () => {
        throw new HeapLimitError('on purpose');
      };
      expect(() => backend.derived(x, 'form', 4, failing)).toThrow('on purpose');
      expect(backend.floats(backend.derived(x, 'form', 4, fill(7)), 1)[0]).toBe(7);
      // Another shape of the same values has forms of its own.
      const other = x.reshape([2, 4]);
      expect(backend.floats(backend.derived(other, 'form', 4, fill(8)), 1)[0]).toBe(8);
    });
  });

  it('works with the least memory that its options allow, or says what that takes', async () => {
    await start({ threads: 2, maxMemory: 16 * MEGABYTE });
    expectClose(
      tf.tidy(() => tf.ones([MEGABYTE]).add(1).sum()),
      [2 * MEGABYTE],
      0,
    );
    tf.removeBackend('simd');
    await expect(registerSimdBackend({ threads: 64, maxMemory: 16 * MEGABYTE })).rejects.toThrow(
      /maxMemory of 16777216 bytes leaves no room .* 64 threads .* use fewer threads/,
    );
  });

  it('goes on after tf.engine().reset(), on the same threads', async () => {
    for (const threads of [1, 2]) {
      const backend = await start({ threads });
      const product = () =>
        tf
          .ones([300, 300])
          .matMul(tf.ones([300, 300]))
          .sum()
          .dataSync()[0];
      expect(tf.tidy(product)).toBe(27e6);
      tf.ones([1000]).add(1); // A tensor that nobody disposes of.
      tf.engine().reset();
      expect(tf.tidy(product)).toBe(27e6);
      expect(tf.getBackend()).toBe('simd');
      expect((tf.memory() as unknown as SimdMemory).heapBytesInUse).toBe(0);
      expect((tf.findBackend('simd') as unknown as SimdBackend).threads).toBe(backend.threads);
      tf.removeBackend('simd');
    }
  });

  it('is one backend for two calls at once', async () => {
    const starts = vi.spyOn(Pool, 'start');
    const [a, b] = await Promise.all([start({ threads: 2 }), start({ threads: 2 })]);
    expect(a).toBe(b);
    expect(starts).toHaveBeenCalledTimes(1);
    starts.mockRestore();
  });

  it.each([
    [{ threads: 0 }, /threads: expected a whole number from 1 to 64, got 0/],
    [{ threads: 1.5 }, /threads: .* got 1.5/],
    [{ maxMemory: 5 }, /maxMemory: expected a whole number from 16777216 to 4294967296, got 5/],
    [{ build: 'fast' }, /build: expected one of .*relaxed-simd.*, got fast/],
    [{ thread: 2 }, /there is no option thread; choose from: threads, maxMemory, build, wasm/],
    [{ wasm: 3 }, /wasm: expected a URL, the bytes of a .wasm file or a module/],
  ])('refuses options out of range, naming the field: %j', async (options, message) => {
    await expect(registerSimdBackend(options as SimdOptions)).rejects.toThrow(message);
    await expect(registerSimdBackend(options as SimdOptions)).rejects.toThrow(RangeError);
  });
});
