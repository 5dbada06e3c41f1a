import type * as tf from '@tensorflow/tfjs';
import { checkBound, refuseUnknown } from './check-options.js';
import { clippedKernel, type ClippedKernel } from './clip.js';
import { clippedGamma, type ClippedGamma, type GammaRule } from './gamma.js';
import { run, runSync, type Reading } from './reading.js';
import { constrainedWeights, type Constrained, type LayerFilter } from './walk.js';

/** Options of {@link clipModel}. */
export interface ClipModelOptions {
  /** The largest singular value of a kernel that stays. Default 1. */
  readonly bound?: number;
  /** Which layers to clip. Default: all. */
  readonly layers?: LayerFilter;
  /** How the scales of batch norms are clipped, or false to leave them. Default `original`. */
  readonly gamma?: GammaRule | false;
  /**
   * Whether to measure each clipped kernel again for the report. That costs a second Gram matrix of
   * each, so training loops turn it off. Default true.
   */
  readonly measure?: boolean;
}

/** One kernel in a {@link ClipReport}. */
export interface KernelReport {
  /**
   * Layer and weight, such as `conv3d_1/kernel`. Layers of nested models have their path before
   * them.
   */
  readonly name: string;
  /** Its largest singular value before. */
  readonly before: number;
  /**
   * All its singular values before, the largest first. The smaller ones are known to about 3e-4 of
   * the largest. They are a by-product of the clipping.
   */
  readonly spectrum: Float64Array;
  /**
   * Its largest singular value after, measured. Undefined if it was clipped with `measure: false`.
   */
  readonly after: number | undefined;
}

/** One batch norm in a {@link ClipReport}. */
export interface GammaReport {
  /** Layer and weight, such as `batch_normalization_1/gamma`. */
  readonly name: string;
  /** The number of channels that were out of bounds. */
  readonly clipped: number;
  /** The number of all channels. */
  readonly channels: number;
}

/** What {@link clipModel} did. */
export interface ClipReport {
  readonly kernels: readonly KernelReport[];
  readonly gammas: readonly GammaReport[];
  /**
   * Names of weights with two axes or more that were left alone: embeddings, those of custom layers
   * and of layers that `layers` leaves out.
   */
  readonly skipped: readonly string[];
}

/**
 * Makes a critic 1-Lipschitz layer by layer, in place: clips the singular values of every kernel to
 * at most 1, and the scale of every batch norm (paper, section 4.2). Call it after weight updates;
 * the paper does every fifth.
 *
 * It clips dense layers, convolutions (also transposed, depthwise and separable ones) and both
 * kernels of recurrent layers (LSTM, GRU, simple) of any LayersModel, in nested models and under
 * TimeDistributed and Bidirectional too, and any layer with `gamma` and `movingVariance`. Frozen
 * layers are clipped too. Biases and activations stay: ReLU, and LeakyReLU with a negative slope of
 * at most 1, stretch nothing.
 *
 * It waits for the device once for all layers, and again only for kernels with singular values
 * above 4. The variables stay the same objects, so optimizers keep working. Do not train the model
 * while this waits: updates in between would be lost.
 *
 * @returns the largest singular values before and after, and what else was clipped or left alone.
 * @throws NonFiniteWeightError, which names the weight, when one holds NaN or infinity: no weight
 * is changed then.
 * @throws TypeError when an option is unknown or not what it should be, RangeError when the bound
 * is not positive, Error when the model has no weights.
 *
 * @example
 * ```ts
 * if (step % 5 === 0) await clipModel(critic);
 * ```
 */
export async function clipModel(
  model: tf.LayersModel,
  options: ClipModelOptions = {},
): Promise<ClipReport> {
  const found = constrainedWeights(model, options.layers);
  return assign(found, await run(readings(found, options)));
}

/** As {@link clipModel}, but blocking. For backends that have `dataSync`: all but WebGPU. */
export function clipModelSync(model: tf.LayersModel, options: ClipModelOptions = {}): ClipReport {
  const found = constrainedWeights(model, options.layers);
  return assign(found, runSync(readings(found, options)));
}

type Clipped = ClippedKernel | ClippedGamma;

/** One reading for each weight: the kernels, then the gammas. */
function readings({ kernels, gammas }: Constrained, options: ClipModelOptions): Reading<Clipped>[] {
  refuseUnknown('clipModel', options, ['bound', 'layers', 'gamma', 'measure']);
  const { bound = 1, gamma = 'original', measure = true } = options;
  checkBound('clipModel', bound);
  if (gamma !== false && gamma !== 'original' && gamma !== 'paper') {
    throw new TypeError(`clipModel: gamma is 'original', 'paper' or false; got ${String(gamma)}`);
  }
  return [
    ...kernels.map(({ name, weight, layout }) =>
      clippedKernel(weight.read(), { layout, name, bound, measure }),
    ),
    ...(gamma === false ? [] : gammas).map((norm) => clippedGamma(norm, gamma as GammaRule)),
  ];
}

/**
 * Assigns all results at once, so that an error in one weight leaves every weight as it was.
 */
function assign(
  { kernels, gammas, skipped }: Constrained,
  results: readonly Clipped[],
): ClipReport {
  const kernelReports: KernelReport[] = [];
  const gammaReports: GammaReport[] = [];
  results.forEach((result, i) => {
    if ('kernel' in result) {
      const { kernel, ...values } = result;
      const { name, weight } = kernels[i];
      replace(weight, kernel);
      kernelReports.push({ name, ...values });
    } else {
      const { name, weight } = gammas[i - kernels.length];
      replace(weight, result.gamma);
      gammaReports.push({ name, clipped: result.clipped, channels: weight.shape[0]! });
    }
  });
  return { kernels: kernelReports, gammas: gammaReports, skipped };
}

/** Not LayerVariable.write, which would apply the layer's own constraint on top. */
function replace(weight: tf.LayerVariable, value: tf.Tensor | null): void {
  if (!value) return;
  (weight.read() as tf.Variable).assign(value);
  value.dispose();
}
