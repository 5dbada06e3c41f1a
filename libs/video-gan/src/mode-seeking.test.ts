import { Random } from '@tgan/core';
import { checkGradients, expectClose, expectNoLeaks } from '@tgan/tensor-fixtures';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { DualCriticGan } from './dual-critic-gan.js';
import { likeness, nextRows } from './mode-seeking.js';
import { VideoGan } from './video-gan.js';

const numbers = (seed: number, ...shape: number[]) =>
  tf.tensor(new Random(seed).uniform(tf.util.sizeFromShape(shape), -1, 1), shape);

describe('nextRows', () => {
  it('has the row of the next video for each, and the first for the last', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 3 }), (rows, size) => {
        tf.tidy(() => {
          const x = tf.range(0, rows * size).reshape([rows, size]);
          const given = x.arraySync() as number[][];
          expect(nextRows(x).arraySync()).toEqual([...given.slice(1), given[0]]);
        });
      }),
      { numRuns: 20 },
    );
  });
});

describe('likeness', () => {
  /** The same from its definition, in float64. */
  function defined(pictures: number[][], others: number[][], z0: number[][], otherZ0: number[][]) {
    const distance = (a: number[], b: number[]) =>
      a.reduce((sum, value, i) => sum + Math.abs(value - b[i]), 0) / a.length;
    const ratios = pictures.map(
      (picture, i) => distance(picture, others[i]) / distance(z0[i], otherZ0[i]),
    );
    return -ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length;
  }

  it('is minus the mean ratio of the distances of pictures and of latents', () => {
    const sizes = fc.integer({ min: 1, max: 4 });
    fc.assert(
      fc.property(sizes, sizes, sizes, fc.nat(1000), (batch, pixels, latents, seed) => {
        tf.tidy(() => {
          const given = [pixels, pixels, latents, latents].map((size, i) =>
            numbers(seed + i, batch, size),
          ) as [tf.Tensor2D, tf.Tensor2D, tf.Tensor2D, tf.Tensor2D];
          const rows = given.map((tensor) => tensor.arraySync()) as Parameters<typeof defined>;
          expectClose(likeness(...given), [defined(...rows)], 1e-4);
        });
      }),
      { numRuns: 40 },
    );
  });

  it('is 0 where pictures do not differ, also for a batch of one', () => {
    tf.tidy(() => {
      const [pictures, z0] = [numbers(1, 3, 4, 4, 1), numbers(2, 3, 5) as tf.Tensor2D];
      expect(likeness(pictures, pictures, z0, nextRows(z0)).dataSync()[0]).toBeCloseTo(0, 10);
      const [one, only] = [numbers(3, 1, 4), numbers(4, 1, 5) as tf.Tensor2D];
      expect(likeness(one, one, only, nextRows(only)).dataSync()[0]).toBeCloseTo(0, 10);
    });
  });

  it('has the gradients that differences give, for pictures and latents', async () => {
    await expectNoLeaks(() =>
      tf.tidy(() => {
        const of = (...given: tf.Tensor[]) =>
          likeness(given[0], given[1], given[2] as tf.Tensor2D, given[3] as tf.Tensor2D);
        const sizes = [
          [3, 2, 2, 1],
          [3, 2, 2, 1],
          [3, 4],
          [3, 4],
        ];
        const inputs = sizes.map((shape, i) => numbers(10 + i, ...shape));
        // No difference is so near to 0 that a step turns its sign.
        for (const [a, b] of [inputs.slice(0, 2), inputs.slice(2)]) {
          expect(a.sub(b).abs().min().dataSync()[0]).toBeGreaterThan(4e-3);
        }
        checkGradients(of, inputs, { step: 2e-3 });
      }),
    );
  });
});

const tiny = {
  ...{ latentSize: 4, imageSize: 16, channels: 1, classes: 3, sprites: 2, spriteSize: 8 },
  ...{ temporalWidths: [6, 4], imageWidths: [8, 4], criticWidths: [2, 2], seed: 1 },
};

describe('a model that seeks modes', () => {
  const gan = new VideoGan({ ...tiny, modeSeeking: 0.5 });
  const plain = new VideoGan(tiny);
  afterAll(() => {
    gan.dispose();
    plain.dispose();
  });

  it('pays for how alike the sprites of one label are, in training alone', async () => {
    await expectNoLeaks(() =>
      tf.tidy(() => {
        const z0 = gan.latents(3, new Random(1));
        const labels = tf.tensor1d([0, 2, 1], 'int32');
        const made = gan.generateWithPenalty(z0, { training: true, labels });
        expect(made.samples.shape).toEqual([3, 16, 16, 16, 1]);

        const label = tf.oneHot(labels, 3).toFloat();
        const latents = tf.concat([z0, nextRows(z0)]);
        const inputs = [latents, tf.concat([label, label])];
        const drawn = gan.imageGenerator.apply(inputs, { training: true }) as tf.Tensor4D;
        const [sprites, others] = tf.split(drawn, 2);
        const expected = likeness(sprites, others, z0, nextRows(z0)).mul(0.5);
        expect(expected.dataSync()[0]).toBeLessThan(0);
        expectClose(made.penalty!, expected, 1e-5);

        expect(gan.generateWithPenalty(z0, { labels }).penalty).toBeUndefined();
        expect(plain.generateWithPenalty(z0, { training: true, labels }).penalty).toBeUndefined();
      }),
    );
  });

  it('has gradients for the image generator alone', () => {
    tf.tidy(() => {
      const z0 = gan.latents(3, new Random(2));
      const labels = tf.tensor1d([0, 2, 1], 'int32');
      const { grads } = tf.variableGrads(
        () => gan.generateWithPenalty(z0, { training: true, labels }).penalty!,
        [...gan.generatorVariables],
      );
      const found = Object.entries(grads).filter(([, gradient]) => gradient);
      const own = gan.imageGenerator.trainableWeights.map((weight) => weight.read());
      expect(found.map(([name]) => name).sort()).toEqual(
        own.map((variable) => (variable as tf.Variable).name).sort(),
      );
      for (const [, gradient] of found) {
        const largest = gradient.abs().max().dataSync()[0];
        expect(Number.isFinite(largest)).toBe(true);
      }
    });
  });

  it('needs sprites', () => {
    expect(() => new VideoGan({ ...tiny, sprites: 0, modeSeeking: 1 })).toThrow(
      'modeSeeking: it compares sprites, and there are none',
    );
  });
});

describe('a model of two critics whose batch several processes share', () => {
  it('keeps the frames of its part', () => {
    const dual = new DualCriticGan({ ...tiny, frameCriticWidths: [2] });
    const apply = dual.critic.apply.bind(dual.critic);
    const seen: Float32Array[] = [];
    vi.spyOn(dual.critic, 'apply').mockImplementation((inputs, how) => {
      seen.push((inputs as tf.Tensor[])[1].dataSync() as Float32Array);
      return apply(inputs, how);
    });
    tf.tidy(() => {
      const clips = numbers(5, 4, 16, 16, 16, 1) as tf.Tensor5D;
      const labels = tf.tensor1d([0, 1, 2, 0], 'int32');
      dual.latents(4, new Random(4));
      dual.score(clips, { training: true, labels });
      dual.keepPart(1, 2);
      dual.score(clips.slice(1, 2), { training: true, labels: labels.slice(1, 2) });
      const [whole, part] = seen;
      expectClose(part, whole.subarray(part.length / 2, 1.5 * part.length), 0);
    });
    dual.dispose();
  });
});
