// What the page and Node both do: ten steps of a small GAN on the `simd` backend.
import { Random } from '@tgan/core';
import { registerSimdBackend } from '@tgan/simd-backend';
import { VideoGan } from '@tgan/video-gan';
import { WganTrainer } from '@tgan/wgan-trainer';
import * as tf from '@tensorflow/tfjs';

/** Trains, and gives the values of V, a sample, and what computed them. */
export async function tenSteps() {
  const { threads, build } = await registerSimdBackend();
  await tf.setBackend('simd');
  const widths = { temporalWidths: [16, 8], imageWidths: [32, 16, 8], criticWidths: [16, 32, 64] };
  const model = new VideoGan({ frames: 8, imageSize: 16, latentSize: 16, seed: 1, ...widths });
  const trainer = new WganTrainer(model, { seed: 2, learningRate: 1e-3 });
  const random = new Random(3);
  const shape = [4, 8, 16, 16, 3];
  const values = [];
  for (let i = 0; i < 10; i++) {
    const noise = random.uniform(tf.util.sizeFromShape(shape), -1, 1);
    const { value } = await trainer.step(async () => ({ samples: tf.tensor(noise, shape) }));
    values.push(value);
  }
  const sample = Array.from(await model.sample(2, new Random(4)).data());
  return { threads, build, values, sample };
}
