import { parseOptions, Random } from '@tgan/core';
import * as tf from '@tensorflow/tfjs';
import { oneLabel } from './labels.js';
import { projectOptions, type ProjectOptions } from './manipulation-options.js';
import type { VideoModel } from './video-model.js';

/** The latent that {@link project} found. */
export interface Projection {
  /** [1, latentSize], each in [-1, 1]. The caller disposes it. */
  readonly z0: tf.Tensor2D;
  /** Mean squared difference between its video and the clip, over the frames that were fitted. */
  readonly error: number;
  /** The same over the other frames, which the search did not see: the error of the prediction. */
  readonly unseenError?: number;
  /**
   * The smallest error of all starts at each step: `steps + 1` numbers, of which the first is that
   * of the starts.
   */
  readonly errors: readonly number[];
}

/**
 * Finds the z0 whose video is nearest to a real clip, by gradient descent (Adam) from several
 * random starts.
 *
 * With `fitFrames` it looks at the first frames alone; what its video shows after them is a
 * prediction. The search stays in the cube [-1, 1] that the generator learned from, and the weights
 * of the model stay as they are.
 *
 * @param clip - [1, frames, height, width, channels] in [-1, 1].
 * @param onStep - hears the step (from 0) and the smallest error so far.
 * @throws OptionsError when an option is out of range; RangeError when the clip does not fit the
 * model or holds values that are no numbers; LabelError when the label does not fit the model.
 */
export async function project(
  model: VideoModel,
  clip: tf.Tensor5D,
  options: ProjectOptions = {},
  onStep?: (step: number, error: number) => void,
): Promise<Projection> {
  const parsed = parseOptions(projectOptions, options, 'project');
  const { steps, starts, label, learningRate } = parsed;
  const { latentSize, frames, imageSize, channels } = model.options;
  const shape = [1, frames, imageSize, imageSize, channels];
  if (!tf.util.arraysEqual(clip.shape, shape)) {
    throw new RangeError(`project: expected a clip [${shape}], got [${clip.shape}]`);
  }
  const fitFrames = parsed.fitFrames ?? frames;
  if (fitFrames > frames) {
    throw new RangeError(`project: fitFrames is ${fitFrames}, but a clip has ${frames} frames`);
  }

  /** Mean squared difference of frames first .. last - 1, for each latent: [latents]. */
  const differences = (z0: tf.Tensor2D, first: number, last: number) => {
    const rows = (clips: tf.Tensor) =>
      clips.reshape([clips.shape[0], frames, -1]).slice([0, first, 0], [-1, last - first, -1]);
    const made = model.generate(z0, oneLabel(label, z0.shape[0]));
    return rows(made).sub(rows(clip)).square().mean([1, 2]) as tf.Tensor1D;
  };

  const z0 = tf.tidy(() => tf.variable(model.latents(starts, new Random(parsed.seed))));
  const optimizer = tf.train.adam(learningRate);
  let best = { error: Infinity, z0: new Float32Array() };
  const errors: number[] = [];
  try {
    for (let step = 0; step <= steps; step++) {
      let each!: tf.Tensor1D;
      const { value, grads } = tf.variableGrads(() => {
        each = tf.keep(differences(z0, 0, fitFrames));
        return each.sum() as tf.Scalar;
      }, [z0]);
      const [found, latents] = [await each.data(), await z0.data()];
      const error = Math.min(...found);
      if (!Number.isFinite(error)) {
        tf.dispose([each, value, grads]);
        throw new RangeError('project: the error is not a number; is every value of the clip one?');
      }
      errors.push(error);
      if (error < best.error) {
        const row = found.indexOf(error) * latentSize;
        best = { error, z0: Float32Array.from(latents.slice(row, row + latentSize)) };
      }
      onStep?.(step, best.error);
      // Where a step waits for nothing, Ctrl-C and pages get their turn here.
      await new Promise((resolve) => setTimeout(resolve));
      if (step < steps) {
        optimizer.applyGradients([{ name: z0.name, tensor: grads[z0.name] }]);
        tf.tidy(() => z0.assign(z0.clipByValue(-1, 1) as tf.Tensor2D));
      }
      tf.dispose([each, value, grads]);
    }
  } finally {
    optimizer.dispose();
    z0.dispose();
  }

  const nearest = tf.tensor2d(best.z0, [1, latentSize]);
  if (fitFrames === frames) return { z0: nearest, error: best.error, errors };
  const unseen = tf.tidy(() => differences(nearest, fitFrames, frames));
  const [unseenError] = await unseen.data();
  unseen.dispose();
  return { z0: nearest, error: best.error, unseenError, errors };
}
