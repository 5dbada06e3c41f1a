import { Random } from '@tgan/core';
import { difference, expectClose, expectNoLeaks } from '@tgan/tensor-fixtures';
import * as tf from '@tensorflow/tfjs';
import { afterAll, describe, expect, it } from 'vitest';
import { Conv3dGan } from './baselines/conv3d-gan.js';
import { extend, interpolate, sampleFrames } from './interpolate.js';
import { transition, transitionFilm } from './transition.js';
import { VideoGan } from './video-gan.js';

const sizes = { latentSize: 4, imageSize: 8, channels: 2, criticWidths: [2, 2] };
const gan = new VideoGan({
  ...sizes,
  temporalWidths: [6, 4, 4, 4],
  imageWidths: [8, 4, 4],
  initializer: 'he',
});
const conditional = new VideoGan({ ...gan.options, classes: 2 });
const baseline = new Conv3dGan({ ...sizes, generatorWidths: [4, 4] });
afterAll(() => [gan, conditional, baseline].forEach((model) => model.dispose()));

/** Frames `first .. first + count - 1`. */
const framesOf = (clips: tf.Tensor5D, first: number, count: number) =>
  clips.slice([0, first], [-1, count]);
const latents = (seed: number, count = 1) => gan.latents(count, new Random(seed));

describe('sampleFrames', () => {
  it('gives frames in any order, and between frames something that is neither', async () => {
    await expectNoLeaks(() =>
      tf.tidy(() => {
        const z0 = latents(1, 2);
        const clips = gan.generate(z0);
        const frames = sampleFrames(gan, z0, [15, 0, 3, 3.5, 4]);
        expect(frames.shape).toEqual([2, 5, 8, 8, 2]);
        expectClose(framesOf(frames, 0, 1), framesOf(clips, 15, 1).dataSync(), 1e-5);
        expectClose(framesOf(frames, 1, 1), framesOf(clips, 0, 1).dataSync(), 1e-5);
        for (const side of [3, 4]) {
          const gap = difference(framesOf(frames, 3, 1), framesOf(clips, side, 1));
          expect(gap.relative).toBeGreaterThan(1e-3);
        }
      }),
    );
  });

  it('refuses moments outside the video', () => {
    tf.tidy(() => {
      expect(() => sampleFrames(gan, latents(1), [15.5])).toThrow(/no moment 15.5 of video 0/);
      expect(() => sampleFrames(gan, latents(1), [NaN])).toThrow(RangeError);
      expect(() => gan.framesAt(latents(1), [{ video: 1, time: 0 }])).toThrow(/of video 1/);
    });
  });
});

describe('interpolate', () => {
  it.each([1, 2, 3, 7])('by %i keeps every original frame to 1e-5', (factor) => {
    tf.tidy(() => {
      const z0 = latents(2, 2);
      const clips = gan.generate(z0);
      const more = interpolate(gan, z0, { factor });
      expect(more.shape).toEqual([2, 15 * factor + 1, 8, 8, 2]);
      for (let frame = 0; frame < 16; frame++) {
        const original = framesOf(clips, frame, 1);
        expectClose(framesOf(more, frame * factor, 1), original.dataSync(), 1e-5);
      }
    });
  });

  it('keeps the label', () => {
    tf.tidy(() => {
      const mode = { labels: tf.tensor1d([0, 1], 'int32') };
      const z0 = latents(2, 2);
      const expected = conditional.generate(z0, mode).dataSync();
      expectClose(interpolate(conditional, z0, { factor: 1 }, mode), expected, 1e-5);
      expect(() => interpolate(conditional, z0)).toThrow(/needs labels/);
      expect(() => interpolate(gan, z0, { factor: 1.5 })).toThrow(
        /factor: expected a whole number, got 1.5/,
      );
    });
  });
});

describe('extend', () => {
  it('plays back and forth', () => {
    tf.tidy(() => {
      const clips = gan.generate(latents(3));
      const longer = extend(gan, latents(3), { frames: 33 });
      expectClose(framesOf(longer, 0, 16), clips.dataSync(), 1e-5);
      expectClose(
        framesOf(longer, 16, 15),
        clips.slice([0, 0], [-1, 15]).reverse(1).dataSync(),
        1e-5,
      );
      expectClose(framesOf(longer, 31, 2), framesOf(clips, 1, 2).dataSync(), 1e-5);
    });
  });

  it('stretches, from the first frame to the last', () => {
    tf.tidy(() => {
      const slow = extend(gan, latents(3), { frames: 40, by: 'slow' });
      const clips = gan.generate(latents(3));
      expect(slow.shape[1]).toBe(40);
      expectClose(framesOf(slow, 0, 1), framesOf(clips, 0, 1).dataSync(), 1e-5);
      expectClose(framesOf(slow, 39, 1), framesOf(clips, 15, 1).dataSync(), 1e-5);
    });
  });
});

describe('transition', () => {
  it.each(['linear', 'spherical'] as const)('begins and ends with the two videos, %s', (path) => {
    for (const model of [gan, baseline]) {
      tf.tidy(() => {
        const [from, to] = [latents(4), latents(5)];
        const videos = transition(model, from, to, { steps: 5, path });
        expect(videos.shape[0]).toBe(5);
        const [first, middle, last] = [0, 2, 4].map((i) => videos.slice([i], [1]));
        expectClose(first, model.generate(from).dataSync(), 1e-5);
        expectClose(last, model.generate(to).dataSync(), 1e-5);
        expect(difference(middle, first).relative).toBeGreaterThan(1e-3);
        expect(difference(middle, last).relative).toBeGreaterThan(1e-3);
      });
    }
  });

  it('makes one film that shows both videos', async () => {
    await expectNoLeaks(() =>
      tf.tidy(() => {
        const [from, to] = [latents(4), latents(5)];
        const film = transitionFilm(gan, from, to, { between: 10, path: 'spherical' });
        expect(film.shape).toEqual([1, 16 + 10 + 16, 8, 8, 2]);
        expectClose(framesOf(film, 0, 16), gan.generate(from).dataSync(), 1e-5);
        expectClose(framesOf(film, 26, 16), gan.generate(to).dataSync(), 1e-5);
      }),
    );
  });

  it('takes the label of all its videos', () => {
    tf.tidy(() => {
      const [from, to] = [latents(4), latents(5)];
      const labels = tf.tensor1d([1], 'int32');
      const videos = transition(conditional, from, to, { steps: 2, label: 1 });
      const expected = conditional.generate(from, { labels });
      expectClose(videos.slice([0], [1]), expected.dataSync(), 1e-5);
      expect(() => transition(conditional, from, to)).toThrow(/needs labels/);
      expect(() => transition(gan, from, to, { steps: 1 })).toThrow(/steps: .* >= 2, got 1/);
    });
  });
});
