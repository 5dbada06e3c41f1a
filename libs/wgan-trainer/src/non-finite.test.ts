import { expectNoLeaks } from '@tgan/tensor-fixtures';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { createGan } from './gan.js';
import { tinyBatches, tinyGan, weightsOf } from './testing/tiny-models.js';
import { WganTrainer } from './trainer.js';

/** Fills a weight of a tiny GAN and tells what the next step says of it. */
async function failureWith(name: string, value: number, classes = 0): Promise<string> {
  const gan = tinyGan({ classes });
  const trainer = new WganTrainer(gan);
  await trainer.step(tinyBatches(1, true));
  const [network, ...rest] = name.split('/');
  const weight = gan.networks[network as keyof typeof gan.networks].weights.find(
    ({ originalName }) => originalName === rest.join('/'),
  )!;
  tf.tidy(() => {
    weight.write(tf.fill(weight.shape as number[], value));
  });
  const before = weightsOf(gan);
  let message = 'no failure';
  await expectNoLeaks(async () => {
    await trainer.step(tinyBatches(2, true)).catch((error: Error) => (message = error.message));
  });
  const trained = (i: number) => !/moving/.test(weightNames(gan)[i]);
  expect(weightsOf(gan).filter((_, i) => trained(i))).toEqual(before.filter((_, i) => trained(i)));
  expect(trainer.stepsDone).toBe(1);
  trainer.dispose();
  gan.dispose();
  return message;
}

const weightNames = ({ networks }: ReturnType<typeof tinyGan>) =>
  Object.values(networks).flatMap(({ weights }) => weights.map((weight) => weight.originalName));

describe('a step that fails', () => {
  it.each([
    ['critic/conv1/kernel', NaN, 'critic/conv1/kernel holds NaN or infinity'],
    ['critic/conv0/bias', Infinity, 'critic/conv0/bias holds NaN or infinity'],
    ['image-generator/deconv1/kernel', NaN, 'image-generator/deconv1/kernel holds NaN or inf'],
    ['critic/conv0/bias', 3e38, 'the output of critic/conv1 on generated samples is not finite'],
    ['critic/conv2/bias', 1e8, 'scores are 1000000.* for real .*: they grow without end'],
  ])('names %s when it is %d, and leaves the weights alone', async (name, value, cause) => {
    expect(await failureWith(name, value)).toMatch(new RegExp(`^step 2: .*${cause}`));
  });

  it('names the layer of a conditional critic too', async () => {
    expect(await failureWith('critic/conv0/bias', 3e38, 3)).toMatch(
      /the output of critic\/conv1 on generated samples is not finite/,
    );
  });

  it('names the layer of a generator that takes latents, and leaves its networks as they were', async () => {
    await expectNoLeaks(async () => {
      const dense = (units: number, inputs: number) =>
        tf.layers.dense({ units, inputShape: [inputs], kernelInitializer: 'ones' });
      const generator = tf.sequential({ layers: [dense(2, 2), dense(3, 2)] });
      const critic = tf.sequential({ layers: [dense(1, 3)] });
      const trainer = new WganTrainer(createGan({ generator, critic }));
      tf.tidy(() => void generator.layers[0].weights[1].write(tf.fill([2], 3e38)));
      await expect(trainer.step({ samples: tf.ones([2, 3]) })).rejects.toThrow(
        `the output of generator/${generator.layers[1].name} on generated samples is not finite`,
      );
      expect(generator.layers).toHaveLength(2);
      trainer.dispose();
      generator.dispose();
      critic.dispose();
    });
  });

  it('knows real clips that are not finite', async () => {
    const gan = tinyGan();
    const trainer = new WganTrainer(gan);
    const samples = tf.fill([2, 4, 16, 16, 1], NaN) as tf.Tensor5D;
    await expect(trainer.step(async () => ({ samples }))).rejects.toThrow(
      /NaN for real .*: the real samples are not finite/,
    );
    trainer.dispose();
    gan.dispose();
  });
});
