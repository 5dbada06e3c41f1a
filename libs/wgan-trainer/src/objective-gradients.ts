import type { Random } from '@tgan/core';
import type { VideoModel } from '@tgan/video-gan';
import * as tf from '@tensorflow/tfjs';
import { addGradients } from './add-gradients.js';
import type { Constraint } from './constraint.js';
import type { Objective } from './objective.js';
import { penaltyGradients } from './penalty-gradients.js';
import { withoutTrace } from './without-trace.js';
import { generated, modeOf, type RealBatch, type ValueAndGradients } from './wasserstein.js';

/** What is to be differentiated beside the critic's loss. */
export interface Differentiated {
  /** Whether the generator's loss is. */
  readonly generator: boolean;
  /** A constraint's penalty, whose gradients are added to the critic's, and the stream that it draws from. */
  readonly penalty?: { readonly of: NonNullable<Constraint['penalty']>; readonly random: Random };
}

/**
 * The gradients of what each player descends, for any objective, as from one forward pass (original code).
 *
 * Where `wassersteinValue` needs one backward pass for both players, two losses need two, and TensorFlow.js makes a
 * forward pass for each: the critic's running statistics and noise go back in between, so that both passes are the same
 * and leave what one leaves.
 *
 * @returns gradients of the critic's loss, with its penalty, for its variables, of the generator's, with its penalty, for its own.
 */
export function objectiveGradients(
  model: VideoModel,
  objective: Objective,
  batch: RealBatch,
  z0: tf.Tensor2D,
  { generator, penalty }: Differentiated,
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
    gradients = { ...gradients, ...grads };
    if (penalty) {
      const on = { real: batch.clips, fake: clips, mode };
      addGradients(gradients, penaltyGradients(model, penalty.of, on, penalty.random));
    }
    return { ...scores, gradients };
  } finally {
    clips.dispose();
  }
}
