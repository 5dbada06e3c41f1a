import * as tf from '@tensorflow/tfjs';
import { expectClose, expectNoLeaks } from '@tgan/tensor-fixtures';
import { describe, expect, it } from 'vitest';
import { describeFitting, fitClips, fittingOptions } from './fit-clips.js';

const fitting = (input: Parameters<typeof fittingOptions.parse>[0]) => fittingOptions.parse(input);
const clipsOf = (...shape: [number, number, number, number, number]) =>
  tf.tidy(() => tf.range(0, tf.util.sizeFromShape(shape)).reshape(shape) as tf.Tensor5D);

describe('fitClips', () => {
  it('puts the axes in order', () => {
    tf.tidy(() => {
      const clips = clipsOf(2, 3, 4, 5, 3);
      expectClose(fitClips(clips, fitting({})), clips, 0);
      const first = fitClips(clips, fitting({ layout: 'BCTHW' }));
      expectClose(first, tf.transpose(clips, [0, 4, 1, 2, 3]), 0);
      const byFrame = fitClips(clips, fitting({ layout: 'BTCHW' }));
      expectClose(byFrame, tf.transpose(clips, [0, 1, 4, 2, 3]), 0);
    });
  });

  it('takes the first frames and changes channels', () => {
    tf.tidy(() => {
      const clips = clipsOf(2, 3, 2, 2, 3);
      const two = clips.slice([0, 0, 0, 0, 0], [2, 2, 2, 2, 3]);
      expectClose(fitClips(clips, fitting({ frames: 2 })), two, 0);
      expectClose(fitClips(clips, fitting({ channels: 'bgr' })), clips.reverse(4), 0);
      const gray = fitClips(clips, fitting({ channels: 'gray' }));
      const luma = clips.mul(tf.tensor1d([0.299, 0.587, 0.114])).sum(4, true);
      expectClose(gray, luma, 1e-5);
      expectClose(fitClips(gray, fitting({ channels: 'rgb' })), gray.tile([1, 1, 1, 1, 3]), 0);
    });
  });

  it('scales pixels, subtracts a mean by channel or by pixel, and cuts out the middle', () => {
    tf.tidy(() => {
      const clips = clipsOf(2, 2, 4, 5, 3);
      const scaled = fitClips(clips, fitting({ scale: 2, offset: 1, mean: [1, 2, 3] }));
      expectClose(
        scaled,
        clips
          .mul(2)
          .add(1)
          .sub(tf.tensor1d([1, 2, 3])),
        1e-4,
      );
      const ofClip = clips.slice([1, 0, 0, 0, 0], [1, -1, -1, -1, -1]);
      const mean = ofClip.dataSync() as Float32Array;
      const cropped = fitClips(clips, fitting({ mean, crop: [2, 3] }));
      expectClose(cropped, clips.sub(ofClip).slice([0, 0, 1, 1, 0], [2, 2, 2, 3, 3]), 1e-4);
    });
  });

  it('fits clips as the Temporal GAN does for C3D', async () => {
    const options = fitting({
      channels: 'bgr',
      size: [128, 128],
      method: 'bicubic',
      scale: 128,
      offset: 128,
      mean: new Float32Array(16 * 128 * 128 * 3),
      crop: [112, 112],
      layout: 'BCTHW',
    });
    await expectNoLeaks(async () => {
      const clips = tf.zeros<tf.Rank.R5>([1, 16, 64, 64, 1]);
      const fitted = fitClips(clips, options);
      expect(fitted.shape).toEqual([1, 3, 16, 112, 112]);
      const gray = tf.fill(fitted.shape, 128);
      expectClose(fitted, gray, 1e-3);
      tf.dispose([clips, fitted, gray]);
    });
    expect(describeFitting(options, '0a1b')).toBe(
      'bgr, bicubic to 128x128, times 128 plus 128, minus mean 0a1b, central 112x112, BCTHW',
    );
  });

  it('says what does not fit', async () => {
    await expectNoLeaks(async () => {
      const clips = tf.zeros<tf.Rank.R5>([1, 2, 4, 4, 2]);
      const cases: [Parameters<typeof fitting>[0], RegExp][] = [
        [{ frames: 3 }, /^too few frames: 3 of a clip are needed, got 2$/],
        [{ channels: 'gray' }, /^clips of 1 or 3 channels can be made gray, got 2$/],
        [{ crop: [5, 4] }, /^crop: 5x4 is larger than frames of 4x4$/],
        [{ mean: [1, 2, 3] }, /^mean: expected 2 values, or 64 of a clip 2x4x4x2, got 3$/],
      ];
      for (const [options, message] of cases) {
        expect(() => fitClips(clips, fitting(options))).toThrow(message);
      }
      clips.dispose();
    });
  });
});
