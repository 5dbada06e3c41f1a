import { Random } from '@tgan/core';
import { createImageGenerator } from '@tgan/image-generator';
import { expectNoLeaks } from '@tgan/tensor-fixtures';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { startCoherently } from './coherent-start.js';
import { VideoGan } from './video-gan.js';

const options = {
  latentSize: 8,
  imageSize: 32,
  channels: 1,
  temporalWidths: [32, 16],
  imageWidths: [32, 16, 8],
  finalConvolution: false,
  criticWidths: [2, 2],
};

/** The correlation of the latents of frames that are `lag` apart, beyond what all videos share. */
function correlation(gan: VideoGan, lag: number): number {
  return tf.tidy(() => {
    const z0 = gan.latents(64, new Random(3));
    const z1 = gan.temporalGenerator.apply(z0, { training: true }) as tf.Tensor3D;
    const own = z1.sub(z1.mean(0, true));
    const [early, late] = [0, lag].map((t) => own.slice([0, t, 0], [-1, 16 - lag, -1]));
    return early.mul(late).mean().div(own.square().mean()).dataSync()[0];
  });
}

describe('startCoherently', () => {
  it('correlates the latents of neighboring frames, which are not otherwise', () => {
    const gan = new VideoGan(options);
    expect(Math.abs(correlation(gan, 1))).toBeLessThan(0.2);
    startCoherently(gan, new Random(1));
    expect(correlation(gan, 1)).toBeGreaterThan(0.85);
    expect(correlation(gan, 2)).toBeGreaterThan(0.6);
    expect(correlation(gan, 12)).toBeLessThan(0.4);
    gan.dispose();
  });

  it('shows the same in every cell for z0, and moves lines across the cells for z1', () => {
    const gan = new VideoGan(options);
    startCoherently(gan, new Random(1));
    const cells = (name: string, latents: tf.Tensor) => {
      const image = gan.imageGenerator;
      const layers = [image.getLayer(`linear_${name}`), image.getLayer(`bn_${name}`)];
      const h = layers.reduce((x, layer) => layer.apply(x) as tf.Tensor, latents);
      return h.reshape([latents.shape[0], 4, 4, 16]);
    };
    tf.tidy(() => {
      const latents = gan.latents(4, new Random(2));
      const content = cells('z0', latents);
      const corner = content.slice([0, 0, 0, 0], [-1, 1, 1, -1]);
      expect(content.sub(corner).abs().max().dataSync()[0]).toBeLessThan(1e-5);

      // Without ReLU a plane rises by the same from cell to cell, whatever z1 is.
      const image = gan.imageGenerator;
      const kernel = image.getLayer('linear_z1').getWeights()[0];
      const beta = image.getLayer('bn_z1').getWeights()[1];
      const plane = latents
        .matMul(kernel as tf.Tensor2D)
        .add(beta)
        .reshape([4, 4, 4, 16]);
      const rise = (axis: number) => {
        const [from, to, size] = [
          [0, 0, 0, 0],
          [0, 0, 0, 0],
          [-1, -1, -1, -1],
        ];
        size[axis] = 3;
        to[axis] = 1;
        return plane.slice(to, size).sub(plane.slice(from, size));
      };
      const [down, across] = [rise(1), rise(2)];
      for (const along of [down, across]) {
        const first = along.slice([0, 0, 0, 0], [1, 1, 1, -1]);
        expect(along.sub(first).abs().max().dataSync()[0]).toBeLessThan(1e-5);
      }
      const steepness = down.square().add(0);
      expect(steepness.max().dataSync()[0]).toBeLessThanOrEqual(1 + 1e-5);
    });
    gan.dispose();
  });

  it('keeps shapes, repeats by its seed, and leaves no tensors', async () => {
    const gan = new VideoGan(options);
    const kernels = () => gan.imageGenerator.getWeights().map((weight) => [...weight.dataSync()]);
    const before = kernels();
    await expectNoLeaks(() => startCoherently(gan, new Random(1)));
    const first = kernels();
    startCoherently(gan, new Random(1));
    expect(kernels()).toEqual(first);
    startCoherently(gan, new Random(2));
    expect(kernels()).not.toEqual(first);
    expect(first.map(({ length }) => length)).toEqual(before.map(({ length }) => length));
    gan.dispose();
  });

  it('says what it needs', () => {
    const { temporalGenerator, ...rest } = new VideoGan(options);
    rest.imageGenerator.dispose();
    const sizes = { latentSize: 8, imageSize: 32, widths: [8, 4, 4] };
    for (const [missing, message] of [
      [{ seesZ0: false }, /sees z0/],
      [{ batchNormBeta: false }, /batchNormBeta/],
    ] as const) {
      const imageGenerator = createImageGenerator({ ...sizes, ...missing });
      expect(() => startCoherently({ temporalGenerator, imageGenerator }, new Random(1))).toThrow(
        message,
      );
      imageGenerator.dispose();
    }
    temporalGenerator.dispose();
  });
});
