import * as tf from '@tensorflow/tfjs';
import { clipKernelSync } from './clip.js';
import { KERNEL_LAYOUTS, type KernelLayout } from './kernels.js';

type Constraint = ReturnType<typeof tf.constraints.nonNeg>;

// tfjs does not export the base class of its constraints, but takes no constraint of another class.
const Constraint = Object.getPrototypeOf(
  tf.constraints.nonNeg().constructor,
) as (abstract new () => Constraint) & Pick<typeof tf.serialization.Serializable, 'fromConfig'>;

/** Options of {@link SvcConstraint}. */
export interface SvcConstraintConfig {
  /**
   * The order of the kernel's axes: see {@link KernelLayout}. Default `convolution`, which dense
   * layers have too.
   */
  readonly layout?: KernelLayout;
}

/**
 * Singular value clipping as a constraint of tf.layers: `kernelConstraint: new SvcConstraint()`.
 * Models that carry it can be saved, and loaded wherever this package is imported.
 *
 * TensorFlow.js applies constraints only when a weight is written through its layer (`setWeights`,
 * `loadWeights`). Its optimizers write past them, in `model.fit` too. To keep a model clipped while
 * it trains, call {@link clipModel} after updates, or give `fit` an `SvcCallback`.
 *
 * It blocks on the device, so it needs a backend that has `dataSync`: all but WebGPU.
 */
export class SvcConstraint extends Constraint {
  /** The name under which tfjs saves it. */
  static readonly className = 'TganSvcConstraint';
  readonly #layout: KernelLayout;

  /** @throws TypeError when there is no such layout. */
  constructor({ layout = 'convolution' }: SvcConstraintConfig = {}) {
    super();
    if (!KERNEL_LAYOUTS.includes(layout)) {
      throw new TypeError(
        `SvcConstraint: expected a layout of ${KERNEL_LAYOUTS.join(', ')}; got ${String(layout)}`,
      );
    }
    this.#layout = layout;
  }

  /**
   * The clipped kernel, a new tensor.
   *
   * @throws NonFiniteWeightError, which names the weight, when it holds NaN or infinity.
   */
  apply(kernel: tf.Tensor): tf.Tensor {
    return clipKernelSync(
      kernel,
      this.#layout,
      kernel instanceof tf.Variable ? kernel.name : 'kernel',
    );
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { layout: this.#layout };
  }
}

tf.serialization.registerClass(SvcConstraint);
