import * as tf from '@tensorflow/tfjs';
import { checkBound, refuseUnknown } from './check-options.js';
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
  /** The largest singular value that stays. Default 1. */
  readonly bound?: number;
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
  readonly #bound: number;

  /** @throws TypeError when there is no such layout or option, RangeError for a bound up to 0. */
  constructor(config: SvcConstraintConfig = {}) {
    super();
    refuseUnknown('SvcConstraint', config, ['layout', 'bound']);
    const { layout = 'convolution', bound = 1 } = config;
    checkBound('SvcConstraint', bound);
    if (!KERNEL_LAYOUTS.includes(layout)) {
      throw new TypeError(
        `SvcConstraint: expected a layout of ${KERNEL_LAYOUTS.join(', ')}; got ${String(layout)}`,
      );
    }
    this.#layout = layout;
    this.#bound = bound;
  }

  /** tfjs adds `customObjects` of its own to what it reads. */
  static override fromConfig<T extends tf.serialization.Serializable>(
    cls: tf.serialization.SerializableConstructor<T>,
    { layout, bound = 1 }: tf.serialization.ConfigDict,
  ): T {
    return new cls({ layout, bound });
  }

  /**
   * The clipped kernel, a new tensor.
   *
   * @throws NonFiniteWeightError, which names the weight, when it holds NaN or infinity.
   */
  apply(kernel: tf.Tensor): tf.Tensor {
    return clipKernelSync(kernel, this.#layout, {
      bound: this.#bound,
      name: kernel instanceof tf.Variable ? kernel.name : 'kernel',
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { layout: this.#layout, bound: this.#bound };
  }
}

tf.serialization.registerClass(SvcConstraint);
