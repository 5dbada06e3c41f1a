import { ClipLoader, movingMnist, type ClipBatch } from '@tgan/datasets';
import { expectNoLeaks } from '@tgan/tensor-fixtures';
import { models, type VideoModel } from '@tgan/video-gan';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { ClipDistance } from './clip-distance.js';

const source = movingMnist({ frames: 4, imageSize: 32, digits: 1, seed: 1 });
const sizes = { frames: 4, imageSize: 32, channels: 1, latentSize: 4, criticWidths: [2, 2] };
const widths = { temporalWidths: [4, 4], imageWidths: [4, 2, 2] };

/** A model whose clips are other real ones, changed in some way. */
async function fake(
  model: VideoModel,
  change: (clips: tf.Tensor5D) => tf.Tensor,
): Promise<VideoModel> {
  const batches: ClipBatch[] = [];
  for await (const batch of new ClipLoader(source, { batchSize: 16, seed: 3, position: 100 })) {
    if (batches.push(batch) === 4) break;
  }
  const generate = () => {
    const { clips, shape } = batches.shift()!;
    return change(tf.tensor5d(clips, shape));
  };
  return Object.create(model, { generate: { value: generate } }) as VideoModel;
}

describe('ClipDistance', () => {
  it('grows as clips go away from real ones, and repeats', async () => {
    const model = await models.create('tgan', { ...sizes, ...widths }, { seed: 1 });
    await expectNoLeaks(async () => {
      const distance = await ClipDistance.open(source, model, 7);
      const of = async (change: (clips: tf.Tensor5D) => tf.Tensor) =>
        distance.measure(await fake(model, change));
      const real = await of((clips) => clips);
      const one = await of((clips) => tf.tile(clips.slice(0, 1), [clips.shape[0], 1, 1, 1, 1]));
      const gray = await of((clips) => clips.mul(0.5));
      const greyer = await of((clips) => clips.mul(0.25));
      const reversed = await of((clips) => clips.neg());
      expect(real).toBeGreaterThan(0);
      expect(one).toBeGreaterThan(1.5 * real);
      expect(gray).toBeGreaterThan(2 * real);
      expect(greyer).toBeGreaterThan(gray);
      expect(reversed).toBeGreaterThan(greyer);
      const fresh = await distance.measure(model);
      expect(fresh).toBeGreaterThan(2 * real);
      expect(await distance.measure(model)).toBe(fresh);
      distance.dispose();
      const again = await ClipDistance.open(source, model, 7);
      expect(await again.measure(model)).toBe(fresh);
      again.dispose();
    });
    model.dispose();
  });
});
