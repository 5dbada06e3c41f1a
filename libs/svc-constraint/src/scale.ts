import * as tf from '@tensorflow/tfjs';
import { checkBound, refuseUnknown } from './check-options.js';
import { clippedGamma, type GammaRule } from './gamma.js';
import { normOf, type NormKind } from './operator-norms.js';
import { run } from './reading.js';
import { constrainedWeights, type LayerFilter } from './walk.js';

/** Options of {@link spectralNormalize} and {@link clipOperatorNorms}. */
export interface ScaleOptions {
  /** The norm that each kernel, or each layer, has at most afterwards. Default 1. */
  readonly bound?: number;
  /** Which layers to scale. Default: all. */
  readonly layers?: LayerFilter;
  /** How the scales of batch norms are clipped, or false to leave them. Default `original`. */
  readonly gamma?: GammaRule | false;
  /** Relative error of the norms. A higher one needs fewer products. Default 1e-2. */
  readonly tolerance?: number;
}

/** The norm of one kernel, or of its layer, before it was scaled. */
export interface ScaledKernel {
  /** Layer and weight, such as `conv3d_1/kernel`. */
  readonly name: string;
  readonly before: number;
}

/**
 * Smaller than what a training step changes, and several times cheaper than a metric's tolerance.
 */
const TOLERANCE = 1e-2;

/**
 * Spectral normalization (Miyato et al. 2018), in place: divides every kernel, seen as a matrix of
 * outputs x rest, by its largest singular value. That value is 1, or the `bound`, afterwards, up to
 * the tolerance.
 * Smaller ones are scaled with it, up or down; clipping would leave them.
 *
 * It is a projection after an update, not a reparametrization: unlike in their paper, the gradient
 * does not pass through the division. Scales of batch norms are clipped as `clipModel` does. Zero
 * kernels stay.
 *
 * @throws NonFiniteWeightError, which names the weight, when one holds NaN or infinity: no weight
 * is changed then. TypeError when an option is unknown, Error when the model has no weights.
 */
export function spectralNormalize(
  model: tf.LayersModel,
  options: ScaleOptions = {},
): Promise<ScaledKernel[]> {
  const divisor = (norm: number, bound: number) => norm / bound || 1;
  return scale('spectralNormalize', model, 'kernel', divisor, options);
}

/**
 * Makes every layer 1-Lipschitz on the input that it has in its model, in place. It divides each
 * kernel whose layer has an operator norm above 1 (see `operatorNorms`) by the upper end of that
 * norm's tolerance. Scales of batch norms are clipped as `clipModel` does.
 *
 * Singular value clipping bounds the kernel's matrix; this bounds the whole layer. It scales a
 * whole kernel down for its largest singular value.
 *
 * @throws NonFiniteWeightError, which names the weight, when one holds NaN or infinity: no weight
 * is changed then. TypeError when an option is unknown. Error when the input of a convolution has
 * no fixed size, or the model has no weights.
 */
export function clipOperatorNorms(
  model: tf.LayersModel,
  options: ScaleOptions = {},
): Promise<ScaledKernel[]> {
  const divisor = (norm: number, bound: number, tolerance: number) =>
    Math.max(1, (norm * (1 + tolerance)) / bound);
  return scale('clipOperatorNorms', model, 'operator', divisor, options);
}

async function scale(
  owner: string,
  model: tf.LayersModel,
  kind: NormKind,
  divisor: (norm: number, bound: number, tolerance: number) => number,
  options: ScaleOptions,
): Promise<ScaledKernel[]> {
  refuseUnknown(owner, options, ['bound', 'layers', 'gamma', 'tolerance']);
  const { bound = 1, gamma = 'original', tolerance = TOLERANCE } = options;
  checkBound(owner, bound);
  const { kernels, gammas } = constrainedWeights(model, options.layers);
  const norms = await run(kernels.map((kernel) => normOf(kernel, kind, tolerance)));
  const clipped = gamma ? await run(gammas.map((norm) => clippedGamma(norm, gamma))) : [];
  tf.tidy(() => {
    kernels.forEach(({ weight }, i) => {
      const by = divisor(norms[i], bound, tolerance);
      if (by !== 1) (weight.read() as tf.Variable).assign(weight.read().div(by));
    });
    clipped.forEach(({ gamma }, i) => {
      if (!gamma) return;
      (gammas[i].weight.read() as tf.Variable).assign(gamma);
      gamma.dispose();
    });
  });
  return kernels.map(({ name }, i) => ({ name, before: norms[i] }));
}
