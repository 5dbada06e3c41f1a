import * as tf from '@tensorflow/tfjs';
import type { BatchShare } from './batch-share.js';
import { partsOf } from './batch-share.js';
import { asRows, leakyRelu, normalizeBatch } from './normalize-batch.js';

/**
 * Options of {@link BatchNorm}; the defaults are those of Chainer, which the original code uses.
 */
export interface BatchNormArgs {
  /** Layer name. */
  readonly name?: string;
  /**
   * Whether to learn a shift (beta). The original code leaves it out in the critic. Default true.
   */
  readonly center?: boolean;
  /**
   * Added to the variance before the square root. Chainer 2e-5 (the default), PyTorch 1e-5, Keras
   * 1e-3.
   */
  readonly epsilon?: number;
  /** Decay of the running statistics. Default 0.9 (PyTorch's `momentum` 0.1). */
  readonly decay?: number;
  /**
   * Whether the running variance uses n / (n - 1), as Chainer and PyTorch do and Keras does not.
   * Default true.
   */
  readonly unbiasedVariance?: boolean;
  /**
   * Alpha of a LeakyReLU that follows, its slope below zero. 0 is ReLU, 1 (the default) is no
   * activation. It is part of this layer because a backend can do both in one pass over memory, and
   * training then keeps one copy less.
   */
  readonly leakyReluAlpha?: number;
}

/**
 * Batch normalization over all axes but the last, at any rank, with the running statistics of
 * Chainer and PyTorch.
 *
 * With `training: true` it uses the batch's own mean and (biased) variance and moves the running
 * statistics; without, it uses the running statistics. The weights are `gamma` [channels], `beta`
 * [channels] unless `center: false`, and the non-trainable `moving_mean` and `moving_variance`
 * [channels].
 *
 * Input and output: [batch, ..., channels]; with `leakyReluAlpha`, the output is the activation's.
 *
 * @throws Error when a training batch has fewer than two values a channel, which have no variance.
 */
export class BatchNorm extends tf.layers.Layer {
  static readonly className = 'TganBatchNorm';

  readonly center: boolean;
  readonly epsilon: number;
  readonly decay: number;
  readonly unbiasedVariance: boolean;
  readonly leakyReluAlpha: number;
  gamma!: tf.LayerVariable;
  beta: tf.LayerVariable | null = null;
  movingMean!: tf.LayerVariable;
  movingVariance!: tf.LayerVariable;
  /** The part that this process has of a batch, see `shareBatch`. */
  share: BatchShare | undefined;

  constructor({
    center = true,
    epsilon = 2e-5,
    decay = 0.9,
    unbiasedVariance = true,
    leakyReluAlpha = 1,
    ...layer
  }: BatchNormArgs = {}) {
    super(layer);
    this.center = center;
    this.epsilon = epsilon;
    this.decay = decay;
    this.unbiasedVariance = unbiasedVariance;
    this.leakyReluAlpha = leakyReluAlpha;
  }

  /** Reads `slope`, the name of `leakyReluAlpha` in models that version 0.1.0 saved, too. */
  static override fromConfig<T extends tf.serialization.Serializable>(
    cls: tf.serialization.SerializableConstructor<T>,
    { slope = 1, ...config }: tf.serialization.ConfigDict,
  ): T {
    return new cls({ leakyReluAlpha: slope, ...config });
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    const shape = inputShape as tf.Shape;
    const channels = shape[shape.length - 1];
    if (channels === null) {
      throw new Error(`${this.name}: the channel count of the input must be known, got [${shape}]`);
    }
    const [zeros, ones] = [tf.initializers.zeros(), tf.initializers.ones()];
    const weight = (name: string, init: typeof ones, trainable: boolean) =>
      this.addWeight(name, [channels], 'float32', init, undefined, trainable);
    this.gamma = weight('gamma', ones, true);
    if (this.center) this.beta = weight('beta', zeros, true);
    this.movingMean = weight('moving_mean', zeros, false);
    this.movingVariance = weight('moving_variance', ones, false);
    this.built = true;
  }

  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: { training?: boolean }): tf.Tensor {
    return tf.tidy(() => {
      const x = Array.isArray(inputs) ? inputs[0] : inputs;
      return kwargs.training ? this.train(x) : this.infer(x);
    });
  }

  private train(x: tf.Tensor): tf.Tensor {
    const count = (x.size / this.gamma.shape[0]!) * partsOf(this.share);
    if (count < 2) {
      throw new Error(`${this.name}: training needs at least 2 values a channel, got ${count}`);
    }
    const beta = this.beta ? (this.beta.read() as tf.Tensor1D) : null;
    const { y, mean, variance } = normalizeBatch(
      x,
      this.gamma.read() as tf.Tensor1D,
      beta,
      this.epsilon,
      this.leakyReluAlpha,
      this.share,
    );
    const correction = this.unbiasedVariance ? count / (count - 1) : 1;
    this.move(this.movingMean, mean, 1 - this.decay);
    this.move(this.movingVariance, variance, (1 - this.decay) * correction);
    tf.dispose([mean, variance]);
    return y;
  }

  private infer(x: tf.Tensor): tf.Tensor {
    const [mean, variance] = [this.movingMean.read(), this.movingVariance.read()];
    // Without a shift tfjs computes it, but has no gradient.
    const beta = (this.beta?.read() ?? tf.zerosLike(mean)) as tf.Tensor1D;
    const y = tf.batchNorm2d(
      asRows(x),
      mean as tf.Tensor1D,
      variance as tf.Tensor1D,
      beta,
      this.gamma.read() as tf.Tensor1D,
      this.epsilon,
    );
    return leakyRelu(y, this.leakyReluAlpha).reshape(x.shape);
  }

  private move(running: tf.LayerVariable, observed: tf.Tensor, weight: number): void {
    running.write(running.read().mul(this.decay).add(observed.mul(weight)));
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape | tf.Shape[] {
    return inputShape;
  }

  override getConfig(): tf.serialization.ConfigDict {
    return {
      ...super.getConfig(),
      center: this.center,
      epsilon: this.epsilon,
      decay: this.decay,
      unbiasedVariance: this.unbiasedVariance,
      leakyReluAlpha: this.leakyReluAlpha,
    };
  }
}

tf.serialization.registerClass(BatchNorm);
