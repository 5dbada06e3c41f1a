import { expectNoLeaks } from '@tgan/tensor-fixtures';
import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { MetricsError } from '../errors.js';
import { movingClips, toTensor } from '../testing/moving-clips.js';
import { nearDuplicates, NearestClips, novelty } from './nearest-clips.js';

const sizes = { imageSize: 32, digits: 1, frames: 4 };

it('finds copies of training clips among samples, over several batches', () =>
  expectNoLeaks(async () => {
    const training = await movingClips({ ...sizes, count: 40, seed: 1, part: 'train' });
    const unseen = await movingClips({ ...sizes, count: 20, seed: 2 });
    const nearestTraining = async (samples: typeof training) => {
      const found = new NearestClips(track(toTensor(samples)));
      for (const at of [0, 15, 30]) await found.add(track(toTensor(training.slice(at, at + 15))));
      const { nearest } = found;
      found.dispose();
      return nearest;
    };
    const copies = await nearestTraining([training[37], training[3]]);
    expect(copies.map(({ index }) => index)).toEqual([37, 3]);
    for (const { distance } of copies) expect(distance).toBeLessThan(0.01);
    const others = await nearestTraining(unseen);
    expect(Math.min(...others.map(({ distance }) => distance))).toBeGreaterThan(0.05);
    expect(novelty(copies, others)).toBeLessThan(0.05);
    expect(novelty(others, others)).toBe(1);
    disposeTracked();
  }));

it('agrees with differences of pixels', async () => {
  const [one, ...others] = await movingClips({ ...sizes, count: 6, seed: 3 });
  const apart = others.map(({ pixels }) =>
    Math.sqrt(pixels.reduce((sum, x, i) => sum + (x - one.pixels[i]) ** 2, 0) / pixels.length),
  );
  const found = new NearestClips(track(toTensor([one])));
  await found.add(track(toTensor(others)));
  const [{ index, distance }] = found.nearest;
  expect(index).toBe(apart.indexOf(Math.min(...apart)));
  expect(distance).toBeCloseTo(apart[index], 4);
  found.dispose();
  disposeTracked();
});

it('counts what is made twice', async () => {
  const real = await movingClips({ ...sizes, count: 40, seed: 4 });
  const others = await movingClips({ ...sizes, count: 40, seed: 5 });
  const amongThemselves = async (clips: typeof real) => {
    const tensor = track(toTensor(clips));
    const found = new NearestClips(tensor);
    await found.add(tensor, true);
    const { nearest } = found;
    found.dispose();
    return nearest;
  };
  const ofReal = await amongThemselves(real);
  const few = [...others.slice(0, 30), ...others.slice(0, 10)];
  expect(nearDuplicates(await amongThemselves(few), ofReal)).toBe(0.5);
  expect(nearDuplicates(await amongThemselves(others), ofReal)).toBeLessThan(0.1);
  disposeTracked();
});

it('refuses clips of another size', async () => {
  const found = new NearestClips(track(tf.zeros([1, 2, 4, 4, 1]) as tf.Tensor5D));
  await expect(found.add(track(tf.zeros([1, 2, 4, 5, 1]) as tf.Tensor5D))).rejects.toThrow(
    new MetricsError('nearest clips: samples are [2,4,4,1], these are [2,4,5,1]'),
  );
  found.dispose();
  disposeTracked();
});

const tracked: tf.Tensor[] = [];

function track<T extends tf.Tensor>(tensor: T): T {
  tracked.push(tensor);
  return tensor;
}

function disposeTracked(): void {
  tf.dispose(tracked.splice(0));
}
