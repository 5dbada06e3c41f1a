import { VideoGan } from '@tgan/video-gan';
import * as tf from '@tensorflow/tfjs';
import { expect, it, vi } from 'vitest';
import { formatTrainerState, parseTrainerState, WganTrainer } from './index.js';
import { expectReadmeToShow } from '../../../tools/readme-example.js';

it('does what the README shows', async () => {
  const console = { log: vi.fn() };
  // README
  // Small, to be quick; without options it is the paper's.
  const gan = new VideoGan({
    frames: 4,
    imageSize: 16,
    latentSize: 16,
    temporalWidths: [16, 16],
    imageWidths: [32, 16],
    criticWidths: [8, 16],
  });
  const trainer = new WganTrainer(gan, { seed: 42 });
  const nextBatch = async () => ({
    samples: tf.randomUniform([4, 4, 16, 16, 3], -1, 1, 'float32', 1) as tf.Tensor5D,
  });
  for (let i = 0; i < 2; i++) {
    const { step, value, real, fake } = await trainer.step(nextBatch);
    console.log(`step ${step}: V ${value}, of ${real} for real and ${fake} for generated samples`);
  }
  const bytes = formatTrainerState(await trainer.state()); // a checkpoint
  trainer.restore(parseTrainerState(bytes)); // goes on to the very same numbers
  // README
  expect(console.log).toHaveBeenCalledWith(expect.stringMatching(/^step 1: V -?\d.* samples$/));
  expect(trainer.stepsDone).toBe(2);
  trainer.dispose();
  gan.dispose();

  expectReadmeToShow(import.meta.url);
});
