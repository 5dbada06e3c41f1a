import { Random } from '@tgan/core';
import { expectClose, expectNoLeaks } from '@tgan/tensor-fixtures';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DualCriticGan } from './dual-critic-gan.js';
import { interpolate } from './interpolate.js';
import { placeSprites } from './sprites.js';
import { VideoGan } from './video-gan.js';

const pixels = (frames: tf.Tensor) => frames.arraySync() as number[][][][];

describe('placeSprites', () => {
  it('moves by whole pixels exactly: down, and to the right', () => {
    const size = fc.integer({ min: 1, max: 5 });
    const move = fc.integer({ min: -8, max: 8 });
    fc.assert(
      fc.property(size, fc.integer({ min: 1, max: 3 }), move, move, (size, margin, down, right) => {
        const frame = size + 2 * margin;
        tf.tidy(() => {
          const sprite = tf.randomUniform([1, size, size, 1], -1, 1, 'float32', 7) as tf.Tensor4D;
          const place = tf.tensor3d([[[down / margin, right / margin]]]);
          const made = pixels(placeSprites(sprite, place, frame, 1))[0];
          const drawn = pixels(sprite)[0];
          for (let y = 0; y < frame; y++) {
            for (let x = 0; x < frame; x++) {
              const [value] = drawn[y - margin - down]?.[x - margin - right] ?? [-1];
              expect(made[y][x][0]).toBeCloseTo(value, 4);
            }
          }
        });
      }),
      { numRuns: 50 },
    );
  });

  it('mixes pixels between places, and shows the brighter of two sprites', () => {
    tf.tidy(() => {
      const dot = tf.tensor4d([1], [1, 1, 1, 1]);
      // A quarter of a pixel down, where one pixel is the way from the middle to the edge.
      const between = pixels(placeSprites(dot, tf.tensor3d([[[1 / 4, 0]]]), 3, 1))[0];
      expect(between.map((row) => row[1][0])).toEqual(
        [-1, 0.5, -0.5].map((v) => expect.closeTo(v)),
      );

      const two = tf.concat([dot, dot.mul(0)], 3) as tf.Tensor4D; // of 1 and 0
      const apart = placeSprites(two, tf.tensor3d([[[0, 0, 0, 1]]]), 3, 2);
      const line = pixels(apart)[0][1].map(([value]) => value);
      expect(line).toEqual([-1, 1, 0].map((v) => expect.closeTo(v)));
    });
  });

  it('rounds to whole pixels where told, with the gradients of the places between', () => {
    tf.tidy(() => {
      const sprites = tf.tensor4d(new Random(4).uniform(25, -1, 1), [1, 5, 5, 1]);
      // In a frame of 8, whole pixels are at 0.5, 1.5, ... from its middle.
      const at = (down: number, right: number) => tf.tensor3d([[[down / 1.5, right / 1.5]]]);
      const whole = placeSprites(sprites, at(1.2, -0.9), 8, 1, true);
      expectClose(whole, placeSprites(sprites, at(1.5, -0.5), 8, 1), 1e-5);
      const weights = tf.tensor(new Random(5).uniform(64, -1, 1), [1, 8, 8, 1]);
      const gradients = (wholePixels: boolean) =>
        tf.grads((s: tf.Tensor, p: tf.Tensor) =>
          placeSprites(s as tf.Tensor4D, p as tf.Tensor3D, 8, 1, wholePixels)
            .mul(weights)
            .sum(),
        )([sprites, at(1.2, -0.9)]);
      const [rounded, exact] = [gradients(true), gradients(false)];
      rounded.forEach((gradient, i) => expectClose(gradient, exact[i], 1e-6));
    });
  });

  it('lets gradients reach sprites through one frame where told, and places through all', () => {
    tf.tidy(() => {
      const random = new Random(6);
      const sprites = tf.tensor4d(random.uniform(2 * 9, -1, 1), [2, 3, 3, 1]);
      const places = tf.tensor3d(random.uniform(2 * 4 * 2, -0.6, 0.6), [2, 4, 2]);
      const weights = tf.tensor(random.uniform(8 * 36, -1, 1), [8, 6, 6, 1]);
      const chosen = tf.tensor4d([0, 0, 0, 1, 1, 0, 0, 0], [8, 1, 1, 1]); // frame 3, and frame 0
      const gradients = (weights: tf.Tensor, learnsFrom?: number[]) =>
        tf.grads((s: tf.Tensor, p: tf.Tensor) =>
          placeSprites(s as tf.Tensor4D, p as tf.Tensor3D, 6, 1, false, learnsFrom)
            .mul(weights)
            .sum(),
        )([sprites, places]);
      const [ofSprites, ofPlaces] = gradients(weights, [3, 0]);
      expectClose(ofSprites, gradients(weights.mul(chosen))[0], 1e-6);
      expectClose(ofPlaces, gradients(weights)[1], 1e-6);
    });
  });

  it('keeps channels and frames apart', () => {
    tf.tidy(() => {
      const sprites = tf.tensor4d(new Random(1).uniform(2 * 4 * 4 * 6, -1, 1), [2, 4, 4, 6]);
      const places = tf.tensor3d(new Random(2).uniform(2 * 3 * 4, -0.5, 0.5), [2, 3, 4]);
      const all = placeSprites(sprites, places, 8, 2).reshape([2, 3, 8, 8, 3]);
      const [, green] = tf.split(all, 3, 4);
      const [, g0, , , g1] = tf.split(sprites, 6, 3);
      const [, second] = tf.split(tf.concat([g0, g1], 3), 2, 0);
      const place = places.slice([1, 2, 0], [1, 1, 4]) as tf.Tensor3D;
      const alone = placeSprites(second as tf.Tensor4D, place, 8, 2);
      expectClose(green.slice([1, 2, 0, 0, 0], [1, 1, 8, 8, 1]).reshape([1, 8, 8, 1]), alone, 1e-6);
    });
  });

  it('has gradients that agree with differences', () => {
    tf.tidy(() => {
      const random = new Random(3);
      const sprites = tf.tensor4d(random.uniform(2 * 3 * 3 * 2, -1, 1), [2, 3, 3, 2]);
      const places = tf.tensor3d(random.uniform(2 * 2 * 4, -0.6, 0.6), [2, 2, 4]);
      const weights = tf.tensor(random.uniform(4 * 36, -1, 1), [4, 6, 6, 1]);
      const value = (s: tf.Tensor, p: tf.Tensor) =>
        placeSprites(s as tf.Tensor4D, p as tf.Tensor3D, 6, 2)
          .mul(weights)
          .sum();
      const given = [sprites, places];
      const gradients = tf.grads(value)(given);
      given.forEach((point, i) => {
        for (const at of [0, 5, 11, 15]) {
          const step = tf.oneHot(at, point.size).reshape(point.shape).mul(1e-2);
          const moved = (by: tf.Tensor) =>
            value(...(given.with(i, point.add(by)) as [tf.Tensor, tf.Tensor]));
          const difference = moved(step).sub(moved(step.neg())).div(2e-2).dataSync()[0];
          expect(gradients[i].flatten().dataSync()[at]).toBeCloseTo(difference, 2);
        }
      });
    });
  });
});

const tiny = {
  latentSize: 4,
  imageSize: 16,
  channels: 1,
  temporalWidths: [6, 4],
  imageWidths: [8, 4],
  criticWidths: [2, 2],
  sprites: 2,
  spriteSize: 8,
};

describe('a model with sprites', () => {
  it('draws each video once and moves what it drew', async () => {
    const gan = new VideoGan({ ...tiny, seed: 1 });
    expect(gan.temporalGenerator.outputs[0].shape).toEqual([null, 16, 4]);
    expect(gan.imageGenerator.inputs.map(({ shape }) => shape)).toEqual([[null, 4]]);
    expect(gan.imageGenerator.outputs[0].shape).toEqual([null, 8, 8, 2]);
    await expectNoLeaks(() =>
      tf.tidy(() => {
        const z0 = gan.latents(3, new Random(1));
        const clips = gan.generate(z0);
        expect(clips.shape).toEqual([3, 16, 16, 16, 1]);
        const sprites = gan.imageGenerator.apply(z0) as tf.Tensor4D;
        const z1 = gan.temporalGenerator.apply(z0) as tf.Tensor3D;
        expectClose(clips, placeSprites(sprites, z1, 16, 2).reshape(clips.shape), 0);
        const moments = [0, 7, 15].map((time) => ({ video: 2, time }));
        const chosen = clips
          .slice(2, 1)
          .squeeze([0])
          .gather(tf.tensor1d([0, 7, 15], 'int32'));
        expectClose(gan.framesAt(z0, moments), chosen, 1e-6);
      }),
    );
    const z0 = gan.latents(1, new Random(2));
    const smooth = interpolate(gan, z0, { factor: 2 });
    expect(smooth.shape).toEqual([1, 31, 16, 16, 1]);
    tf.dispose([z0, smooth]);
    gan.dispose();
  });

  it('starts with places that change smoothly', () => {
    const gan = new DualCriticGan({ ...tiny, frameCriticWidths: [2], temporalWidths: [32, 16] });
    tf.tidy(() => {
      const z0 = gan.latents(64, new Random(3));
      const z1 = gan.temporalGenerator.apply(z0, { training: true }) as tf.Tensor3D;
      const own = z1.sub(z1.mean(0, true));
      const [early, late] = [0, 1].map((t) => own.slice([0, t, 0], [-1, 15, -1]));
      const correlation = early.mul(late).mean().div(own.square().mean()).dataSync()[0];
      expect(correlation).toBeGreaterThan(0.85);
    });
    gan.dispose();
  });

  it('says what does not fit', () => {
    expect(() => new VideoGan({ ...tiny, spriteSize: 7 })).toThrow(
      'video GAN: spriteSize: 7 does not fit',
    );
    expect(() => new VideoGan({ ...tiny, spriteSize: 16 })).toThrow(
      'spriteSize: sprites of 16 pixels cannot move in a frame of 16',
    );
    expect(() => new VideoGan({ ...tiny, sprites: 0, imageSize: 15 })).toThrow('imageSize: 15');
    expect(() => new VideoGan({ ...tiny, frameLatentSize: 3 })).toThrow(
      'frameLatentSize: 2 sprites take 4 numbers per frame',
    );
  });
});
