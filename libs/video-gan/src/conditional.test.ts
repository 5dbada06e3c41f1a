import { Random } from '@tgan/core';
import { difference, expectClose, expectNoLeaks } from '@tgan/tensor-fixtures';
import * as tf from '@tensorflow/tfjs';
import { afterAll, describe, expect, it } from 'vitest';
import { LabelError } from './labels.js';
import type { VideoGanOptions } from './options.js';
import { VideoGan } from './video-gan.js';

const tiny: VideoGanOptions = {
  latentSize: 4,
  imageSize: 16,
  channels: 1,
  temporalWidths: [6, 4, 4, 4],
  imageWidths: [8, 4, 4],
  criticWidths: [2, 2, 2, 2],
};

describe('a conditional VideoGan', () => {
  const gan = new VideoGan({ ...tiny, classes: 3 });
  const plain = new VideoGan(tiny);
  afterAll(() => [gan, plain].forEach((model) => model.dispose()));
  const labels = (...values: number[]) => tf.tensor1d(values, 'int32');

  it('makes and scores videos by their label', async () => {
    await expectNoLeaks(() =>
      tf.tidy(() => {
        const z0 = tf.ones([3, 4]) as tf.Tensor2D;
        const clips = gan.generate(z0, { labels: labels(0, 1, 1) });
        const [zero, one, alsoOne] = tf.split(clips, 3);
        expect(difference(zero, one).relative).toBeGreaterThan(1e-4);
        expectClose(alsoOne, one, 1e-6);
        const score = (label: number) => gan.score(one as tf.Tensor5D, { labels: labels(label) });
        expect(difference(score(0), score(1)).relative).toBeGreaterThan(1e-4);
      }),
    );
  });

  it('samples and trains', () => {
    tf.tidy(() => {
      expect(gan.sample(2, new Random(1), { labels: labels(0, 2) }).shape[0]).toBe(2);
      const mode = { training: true, labels: labels(0, 1, 2) };
      const { value, grads } = tf.variableGrads(() => {
        const fake = gan.generate(gan.latents(3, new Random(1)), mode);
        return gan.score(fake, mode).mean() as tf.Scalar;
      }, gan.generatorVariables);
      expect(Number.isFinite(value.dataSync()[0])).toBe(true);
      const name = gan.generatorVariables.find((v) => v.name.startsWith('linear_label'))!.name;
      expect(grads[name].abs().max().dataSync()[0]).toBeGreaterThan(0);
    });
  });

  it('says what is wrong with labels', async () => {
    await expectNoLeaks(() =>
      tf.tidy(() => {
        const z0 = tf.ones([2, 4]) as tf.Tensor2D;
        const attempt = (mode?: { labels: tf.Tensor1D }, model = gan) => {
          return () => model.generate(z0, mode);
        };
        expect(attempt()).toThrow(LabelError);
        expect(attempt()).toThrow(/needs labels: pass 2 whole numbers in 0 .. 2/);
        expect(attempt({ labels: labels(0, 3) })).toThrow(/label 1 is 3, .* knows 0 .. 2/);
        expect(attempt({ labels: labels(-1, 0) })).toThrow(/label 0 is -1/);
        expect(attempt({ labels: labels(1) })).toThrow(/1 labels for 2 videos/);
        expect(attempt({ labels: tf.tensor1d([0, 1]) })).toThrow(/int32 tensor \[2\], got float32/);
        expect(attempt({ labels: labels(0, 0) }, plain)).toThrow(/takes no labels/);
        expect(() => gan.score(tf.zeros([1, 16, 16, 16, 1]))).toThrow(/needs labels: pass 1/);
      }),
    );
  });
});
