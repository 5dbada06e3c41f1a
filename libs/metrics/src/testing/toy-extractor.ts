import * as tf from '@tensorflow/tfjs';
import type { FeatureExtractor } from '../extractor.js';
import { randomFeatures } from './features.js';

/**
 * An extractor for tests: features are the brightness of frames, classes a softmax of the first
 * few.
 */
export function toyExtractor(frames: number, classes = 0): FeatureExtractor {
  return {
    name: 'toy',
    fingerprint: `toy of ${frames} frames, ${classes} classes`,
    featureSize: frames,
    classes,
    resize: 'none',
    async extract(clips) {
      const [features, probabilities] = tf.tidy(() => {
        const brightness = tf.mean(clips, [2, 3, 4]) as tf.Tensor2D;
        const logits = brightness.slice([0, 0], [-1, Math.max(classes, 1)]).mul(4);
        return [brightness, tf.softmax(logits)];
      });
      const found = {
        features: (await features.data()) as Float32Array,
        probabilities: (await probabilities.data()) as Float32Array,
      };
      tf.dispose([features, probabilities]);
      return classes > 0 ? found : { features: found.features };
    },
    dispose() {},
  };
}

/** Clips of 2 x 2 pixels, one channel, of random brightness by frame; ends after `total`. */
export function* toyClips(
  seed: number,
  total: number,
  frames: number,
  batch: number,
  shift = 0,
): Generator<tf.Tensor5D> {
  const { data } = randomFeatures(seed, total, frames, shift, 0.25);
  for (let start = 0; start < total; start += batch) {
    const count = Math.min(batch, total - start);
    const rows = Float32Array.from(data.subarray(start * frames, (start + count) * frames));
    yield tf.tidy(() =>
      tf.tensor(rows, [count, frames, 1, 1, 1]).tile([1, 1, 2, 2, 1]).as5D(count, frames, 2, 2, 1),
    );
  }
}
