import { differentiableAgain } from '@tgan/gan-layers';
import { Random } from '@tgan/core';
import type { Mode, VideoModel } from '@tgan/video-gan';
import * as tf from '@tensorflow/tfjs';
import type { Constraint } from './constraint.js';
import { withoutTrace } from './without-trace.js';

/** A constraint's penalty cannot be differentiated with these networks on this backend. */
export class PenaltyError extends Error {
  override readonly name = 'PenaltyError';
}

/** Clips and how to score them. */
interface Clips {
  readonly real: tf.Tensor5D;
  readonly fake: tf.Tensor5D;
  readonly mode: Mode;
}

/**
 * The gradients of a penalty for the critic's variables, by name; none for those that it does not depend on. Leaves the
 * critic's running statistics and noise streams as they were.
 */
export function penaltyGradients(
  model: VideoModel,
  penalty: NonNullable<Constraint['penalty']>,
  { real, fake, mode }: Clips,
  random: Random,
): tf.NamedTensorMap {
  return withoutTrace(model.critic, () => {
    const score = (clips: tf.Tensor5D) => model.score(clips, mode);
    const { value, grads } = tf.variableGrads(
      () => differentiableAgain(() => penalty(score, real, fake, random)),
      model.criticVariables,
    );
    value.dispose();
    return grads;
  });
}

/**
 * Tries a penalty on two clips of noise.
 *
 * @throws PenaltyError when it cannot be differentiated: a layer's gradient has no gradient itself on this backend.
 */
export function checkPenalty(model: VideoModel, penalty: NonNullable<Constraint['penalty']>): void {
  const { frames, imageSize, channels, classes } = model.options;
  tf.engine().startScope();
  try {
    const noise = () =>
      tf.randomUniform<tf.Rank.R5>(
        [2, frames, imageSize, imageSize, channels],
        -1,
        1,
        'float32',
        1,
      );
    const labels = classes ? tf.zeros<tf.Rank.R1>([2], 'int32') : undefined;
    const mode: Mode = { training: true, labels };
    penaltyGradients(model, penalty, { real: noise(), fake: noise(), mode }, new Random(0));
  } catch (error) {
    throw new PenaltyError(
      `the penalty cannot be differentiated on the backend "${tf.getBackend()}": ${(error as Error).message}; ` +
        'train on another backend, such as tensorflow or cpu, or with another constraint',
    );
  } finally {
    tf.engine().endScope();
  }
}
