import type * as tf from '@tensorflow/tfjs';
import { refuseUnknown } from './check-options.js';
import { toBlocks } from './kernels.js';
import { largestSingularValue } from './largest-singular-value.js';
import { matrixMap, windowMap } from './linear-map.js';
import { run, type Reading } from './reading.js';
import { constrainedWeights, type LayerFilter, type NamedKernel } from './walk.js';

/**
 * Which matrix of a layer: the reshaped kernel, which the paper clips, or the layer on its whole
 * input.
 */
export type NormKind = 'kernel' | 'operator';

/** How much a layer stretches, as {@link operatorNorms} measures it. */
export interface LayerNorms {
  /**
   * Layer and weight, such as `conv3d_1/kernel`; layers of nested models come with the path to
   * them.
   */
  readonly name: string;
  /**
   * The largest singular value of the kernel as a matrix of outputs x rest, which singular value
   * clipping bounds.
   */
  readonly kernel: number;
  /**
   * The norm of the layer as a linear operator on its whole input, zero padding and stride
   * included, without bias: what the Lipschitz constant of a critic is made of.
   */
  readonly operator: number;
}

/** Options of {@link operatorNorms}. */
export interface OperatorNormOptions {
  /** Relative error allowed. Default 1e-3; usually the error is a tenth of it. */
  readonly tolerance?: number;
  /** Which layers to measure. Default: all. */
  readonly layers?: LayerFilter;
}

/**
 * How much each layer of a model stretches its input at most: its true norm, and the one that
 * singular value clipping bounds.
 *
 * With windows of k at a stride of s along d axes, an input counts in up to ceil(k / s)^d windows,
 * so the true norm can be up to the square root of that times the kernel's: sqrt(8) = 2.83 in the
 * paper's critic. It is no less than the kernel's, unless every window has padding in it: then a
 * part of the kernel never meets an input.
 *
 * The products with each layer and its adjoint run on the backend, with a batch of one.
 * `largestSingularValue` describes the method. It waits for the device once a step, for all layers
 * together.
 *
 * @returns a figure for every kernel that `clipModel` would clip.
 * @throws NonFiniteWeightError, which names the weight, when one holds NaN or infinity. Error when
 * the input of a convolution has no fixed size, or its channels first, or the model has no weights.
 * RangeError when the tolerance is not from 1e-6 up and below 1.
 *
 * @example
 * ```ts
 * const [{ name, kernel, operator }] = await operatorNorms(critic);
 * ```
 */
export async function operatorNorms(
  model: tf.LayersModel,
  options: OperatorNormOptions = {},
): Promise<LayerNorms[]> {
  refuseUnknown('operatorNorms', options, ['tolerance', 'layers']);
  const { tolerance = 1e-3, layers } = options;
  const { kernels } = constrainedWeights(model, layers);
  const kinds: NormKind[] = ['kernel', 'operator'];
  const norms = await run(
    kernels.flatMap((kernel) => kinds.map((kind) => normOf(kernel, kind, tolerance))),
  );
  return kernels.map(({ name }, i) => ({
    name,
    kernel: norms[2 * i],
    operator: norms[2 * i + 1],
  }));
}

/** The largest singular value of a layer's kernel, or of the whole layer. */
export function* normOf(kernel: NamedKernel, kind: NormKind, tolerance: number): Reading<number> {
  const { name, weight, layout, field } = kernel;
  // Without a window, the kernel is all that happens at each place, and they do not touch.
  const hasWindow = weight.shape.length > 2 && field !== 'pointwiseKernel';
  if (kind === 'operator' && hasWindow) {
    return yield* largestSingularValue(windowMap(kernel), name, tolerance);
  }
  const blocks = toBlocks(weight.read(), layout, name);
  try {
    return yield* largestSingularValue(matrixMap(blocks), name, tolerance);
  } finally {
    blocks.dispose();
  }
}
