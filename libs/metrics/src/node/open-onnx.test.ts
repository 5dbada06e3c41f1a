import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { expectNoLeaks } from '@tgan/tensor-fixtures';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { OnnxRuntime, OnnxSession, OnnxTensor } from '../extractors/onnx-extractor.js';
import { openOnnxExtractor } from './open-onnx.js';

// tools/check-onnx-extractor.mjs does the same with ONNX Runtime, which is too large to install
// here.

class Tensor implements OnnxTensor {
  constructor(
    readonly type: string,
    readonly data: Float32Array,
    readonly dims: readonly number[],
  ) {}
}

let released = 0;

/**
 * A network of clips `[batch, channels, time, height, width]`: the mean of each channel, and that
 * over the total.
 */
function runtime(input: NonNullable<OnnxSession['inputMetadata']>[number]): OnnxRuntime {
  return {
    Tensor,
    InferenceSession: {
      async create() {
        return {
          inputMetadata: [input],
          outputNames: ['means', 'shares'],
          async run(feeds, names) {
            const { data, dims } = feeds[input.name] as Tensor;
            const [batch, channels] = dims;
            const places = data.length / batch / channels;
            const means = new Float32Array(batch * channels);
            data.forEach((x, i) => (means[Math.floor(i / places)] += x / places));
            const shares = means.map((mean, i) => {
              const start = i - (i % channels);
              return mean / means.subarray(start, start + channels).reduce((a, b) => a + b);
            });
            const all: Record<string, OnnxTensor> = {
              means: new Tensor('float32', means, [batch, channels]),
              shares: new Tensor('float32', shares, [batch, channels]),
            };
            return Object.fromEntries(names.map((name) => [name, all[name]]));
          },
          async release() {
            released++;
          },
        };
      },
    },
  };
}

const free = {
  name: 'clips',
  type: 'float32',
  shape: ['batch', 3, 'time', 'height', 'width'],
};

let path: string;
beforeEach(async () => {
  released = 0;
  path = join(await mkdtemp(join(tmpdir(), 'tgan-onnx-')), 'i3d.onnx');
  await writeFile(path, 'a network');
});
afterEach(() => rm(join(path, '..'), { recursive: true }));

describe('openOnnxExtractor', () => {
  it('feeds clips in the order of the axes and names outputs', async () => {
    await expectNoLeaks(async () => {
      const options = {
        frames: 2,
        size: [4, 4] as [number, number],
        layout: 'BCTHW' as const,
        probabilities: 'shares',
      };
      const extractor = await openOnnxExtractor(path, options, runtime(free));
      const hash = createHash('sha256').update('a network').digest('hex');
      expect(extractor).toMatchObject({
        name: 'i3d.onnx',
        fingerprint: hash,
        featureSize: 3,
        classes: 3,
      });
      const clips = tf.tidy(
        () =>
          tf
            .tensor1d([1, 2, 5])
            .tile([2 * 3 * 8 * 8])
            .reshape([2, 3, 8, 8, 3]) as tf.Tensor5D,
      );
      const { features, probabilities } = await extractor.extract(clips);
      expect([...features].map((x) => Math.round(x * 1e5) / 1e5)).toEqual([1, 2, 5, 1, 2, 5]);
      expect(probabilities![2]).toBeCloseTo(5 / 8, 5);
      extractor.dispose();
      clips.dispose();
    });
    expect(released).toBe(1);
  });

  it('hashes external weights too', async () => {
    await writeFile(`${path}.data`, 'its weights');
    const options = { frames: 2, size: [4, 4] as [number, number], layout: 'BCTHW' as const };
    const { fingerprint } = await openOnnxExtractor(path, options, runtime(free));
    const hash = createHash('sha256').update('a network').update('its weights').digest('hex');
    expect(fingerprint).toBe(hash);
  });

  it('says in one line what is wrong, and releases the model', async () => {
    const open = (options: object, input: typeof free = free) =>
      openOnnxExtractor(path, options, runtime(input));
    await expect(open({})).rejects.toThrow(
      /^i3d.onnx takes \[\?, 3, \?, \?, \?\] \(BTHWC\): say size$/,
    );
    await expect(open({ layout: 'BCTHW', frames: 2, size: [4, 4], features: 'x' })).rejects.toThrow(
      /^i3d.onnx has no output "x"; there is: means, shares$/,
    );
    await expect(open({}, { ...free, type: 'float16' })).rejects.toThrow(
      /^i3d.onnx takes clips \(float16\), not one input of float32$/,
    );
    expect(released).toBe(3);
    const damaged = runtime(free);
    damaged.InferenceSession.create = async () => {
      throw new Error('Load model failed: Protobuf parsing failed.\n  at somewhere');
    };
    await expect(openOnnxExtractor(path, {}, damaged)).rejects.toThrow(
      /^ONNX Runtime cannot open .*i3d.onnx: Load model failed: Protobuf parsing failed.$/,
    );
    await expect(openOnnxExtractor(`${path}.none`, {}, damaged)).rejects.toThrow(
      /^cannot read the extractor .*none: there is no such file or folder \(ENOENT\)$/,
    );
  });

  it('says what to install where the runtime is missing', async () => {
    await expect(openOnnxExtractor(path)).rejects.toThrow(
      /^ONNX files need the package onnxruntime-node: npm install onnxruntime-node \(/,
    );
  });
});
