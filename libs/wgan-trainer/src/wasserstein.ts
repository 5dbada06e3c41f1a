import type { Mode, PenalizedClips, VideoModel } from '@tgan/video-gan';
import * as tf from '@tensorflow/tfjs';
import { addGradients } from './add-gradients.js';

/** A batch of real clips. */
export interface RealBatch {
  /** [batch, frames, height, width, channels] in [-1, 1). */
  readonly clips: tf.Tensor5D;
  /** What each clip shows, int32 [batch]. A conditional model needs it, others leave it unread. */
  readonly labels?: tf.Tensor1D;
}

/** The value of the game on one batch, and its gradients. The caller disposes all of it. */
export interface ValueAndGradients {
  /** Mean score of the real clips, mean D(x). */
  readonly real: tf.Scalar;
  /** Mean score of the generated clips, mean D(G(z)). */
  readonly fake: tf.Scalar;
  /** By variable name. Those of {@link wassersteinValue} are of V, plus the generator's penalty if it has one. */
  readonly gradients: tf.NamedTensorMap;
}

/**
 * The value V = mean D(x) - mean D(G(z)) that the critic raises and the generator lowers (paper, equation 4), with its
 * gradients for `variables`.
 *
 * One pass serves both players, because the game is zero-sum: the generator descends the very gradient of V that the
 * critic ascends. Real and generated clips pass the critic separately, generated ones first, so that batch norm sees
 * each with its own statistics (original code); so one half can be differentiated, and its activations freed, before
 * the other begins. A penalty that the generator pays (VGAN's mask) is added to what is
 * differentiated; the critic does not feel it, because it depends on the generator alone.
 *
 * @param batch - real clips, with labels for a conditional model: the generated clips are made for the same labels.
 * The caller keeps them.
 * @param z0 - latents [batch, latentSize].
 * @throws LabelError when the labels of a conditional model are missing or do not fit.
 */
export function wassersteinValue(
  model: VideoModel,
  batch: RealBatch,
  z0: tf.Tensor2D,
  variables: readonly tf.Variable[],
): ValueAndGradients {
  const mode = modeOf(model, batch);
  let fake!: tf.Scalar;
  let real!: tf.Scalar;
  const ofFake = tf.variableGrads(() => {
    const { clips, penalty } = generated(model, z0, mode);
    fake = tf.keep(model.score(clips, mode).mean());
    return penalty ? penalty.sub(fake) : fake.neg();
  }, [...variables]);
  const ofReal = tf.variableGrads(() => {
    real = tf.keep(model.score(batch.clips, mode).mean());
    return real.clone();
  }, model.criticVariables);
  addGradients(ofFake.grads, ofReal.grads);
  tf.dispose([ofFake.value, ofReal.value]);
  return { real, fake, gradients: ofFake.grads };
}

/** How a model trains on a batch: with its labels, if the model is conditional. */
export const modeOf = ({ options }: VideoModel, { labels }: RealBatch): Mode => ({
  training: true,
  labels: options.classes ? labels : undefined,
});

/** Generated clips, with what the generator pays for them if it pays anything. */
export const generated = (
  model: VideoModel,
  z0: tf.Tensor2D,
  mode: Mode,
): Pick<PenalizedClips, 'clips'> & Partial<PenalizedClips> =>
  model.generateWithPenalty?.(z0, mode) ?? { clips: model.generate(z0, mode) };
