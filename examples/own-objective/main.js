// A loss of your own, in a GAN of points in the plane: the generator learns a circle. An objective
// is an object with two functions of the critic's scores.
import * as tf from '@tensorflow/tfjs';
import { adam, createGan, unconstrained, WganTrainer } from '@tgan/wgan-trainer';

/** The relativistic GAN (Jolicoeur-Martineau 2018): which of the two looks more real? */
const relativistic = {
  relativistic: true, // the generator's loss reads the scores of real samples, too
  criticLoss: (real, fake) => tf.softplus(fake.sub(real)).mean(),
  generatorLoss: (fake, real) => tf.softplus(real.sub(fake)).mean(),
};

const { dense } = tf.layers;
const generator = tf.sequential({
  layers: [
    dense({ units: 32, activation: 'relu', inputShape: [4] }),
    dense({ units: 32, activation: 'relu' }),
    dense({ units: 2 }),
  ],
});
const critic = tf.sequential({
  layers: [
    dense({ units: 32, activation: 'relu', inputShape: [2] }),
    dense({ units: 32, activation: 'relu' }),
    dense({ units: 1 }),
  ],
});
const circle = () =>
  tf.tidy(() => {
    const angle = tf.randomUniform([64, 1], 0, 2 * Math.PI);
    return tf.concat([angle.cos(), angle.sin()], 1);
  });

const gan = createGan({ generator, critic });
const trainer = new WganTrainer(gan, {
  objective: relativistic,
  constraint: unconstrained, // this loss needs no Lipschitz critic
  optimizer: adam({ beta1: 0.5 }),
  learningRate: 1e-3,
  seed: 1,
});
const steps = Number(process.env.STEPS ?? 1000);
for (let step = 1; step <= steps; step++) {
  await trainer.step({ samples: circle() });
  if (step % 200 > 0 && step < steps) continue;
  const radius = tf.tidy(() => gan.generate(gan.latents(500, trainer.random)).norm(2, 1).mean());
  console.log(`step ${step}: mean distance from the center ${radius.dataSync()[0].toFixed(3)}`);
}
