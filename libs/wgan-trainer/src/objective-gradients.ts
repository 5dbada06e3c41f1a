import { noiseStates, restoreNoise } from '@tgan/gan-layers';
import type { VideoModel } from '@tgan/video-gan';
import * as tf from '@tensorflow/tfjs';
import type { Objective } from './objective.js';
import { generated, modeOf, type RealBatch, type ValueAndGradients } from './wasserstein.js';

/**
 * The gradients of what each player descends, for any objective, as from one forward pass (original code).
 *
 * Where `wassersteinValue` needs one backward pass for both players, two losses need two, and TensorFlow.js makes a
 * forward pass for each: the critic's running statistics and noise go back in between, so that both passes are the same
 * and leave what one leaves.
 *
 * @param generator - whether the generator's gradients are wanted too.
 * @returns gradients of the critic's loss for its variables, of the generator's, with its penalty, for its own.
 */
export function objectiveGradients(
  model: VideoModel,
  objective: Objective,
  batch: RealBatch,
  z0: tf.Tensor2D,
  { generator }: { generator: boolean },
): ValueAndGradients {
  const mode = modeOf(model, batch);
  let clips!: tf.Tensor5D;
  let gradients: tf.NamedTensorMap = {};
  if (generator) {
    withoutTrace(model.critic, () => {
      const { value, grads } = tf.variableGrads(() => {
        const made = generated(model, z0, mode);
        clips = tf.keep(made.clips);
        const loss = objective.generator(model.score(made.clips, mode));
        return made.penalty ? loss.add(made.penalty) : loss;
      }, model.generatorVariables);
      value.dispose();
      gradients = grads;
    });
  } else {
    clips = tf.tidy(() => model.generate(z0, mode));
  }
  let scores!: { real: tf.Scalar; fake: tf.Scalar };
  try {
    const { value, grads } = tf.variableGrads(() => {
      const fake = model.score(clips, mode);
      const real = model.score(batch.clips, mode);
      scores = { real: tf.keep(real.mean()), fake: tf.keep(fake.mean()) };
      return objective.critic(real, fake);
    }, model.criticVariables);
    value.dispose();
    return { ...scores, gradients: { ...gradients, ...grads } };
  } finally {
    clips.dispose();
  }
}

/** Runs a pass and puts the running statistics and noise streams back to where they were. */
function withoutTrace(network: tf.LayersModel, pass: () => void): void {
  const noise = noiseStates(network);
  const statistics = network.nonTrainableWeights.map((weight) => weight.read() as tf.Variable);
  const before = statistics.map((variable) => variable.clone());
  try {
    pass();
  } finally {
    statistics.forEach((variable, i) => variable.assign(before[i]));
    restoreNoise(network, noise);
    tf.dispose(before);
  }
}
