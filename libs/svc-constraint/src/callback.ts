import * as tf from '@tensorflow/tfjs';
import { clipModel, type ClipModelOptions } from './model.js';

/** Options of {@link SvcCallback}. */
export interface SvcCallbackOptions extends ClipModelOptions {
  /** Batches between two clippings. Default 5, the paper's. */
  readonly every?: number;
  /**
   * What to clip, for example a critic inside the model that `fit` trains. Default: the whole
   * model.
   */
  readonly critic?: tf.LayersModel;
}

/**
 * Keeps a model clipped while `model.fit` trains it. It calls {@link clipModel} every few batches,
 * counted over epochs, and at the end. `measure` is off by default.
 *
 * @example
 * ```ts
 * await critic.fit(xs, ys, { callbacks: new SvcCallback({ every: 5 }) });
 * ```
 */
export class SvcCallback extends tf.Callback {
  readonly #options: SvcCallbackOptions;
  readonly #every: number;
  #batches = 0;

  /** @throws RangeError when `every` is not a whole number from 1 up. */
  constructor({ every = 5, ...options }: SvcCallbackOptions = {}) {
    super();
    if (!(Number.isInteger(every) && every >= 1)) {
      throw new RangeError(`SvcCallback: every must be a whole number from 1 up, got ${every}`);
    }
    this.#every = every;
    this.#options = options;
  }

  override async onBatchEnd(): Promise<void> {
    this.#batches++;
    if (this.#batches % this.#every === 0) await this.#clip();
  }

  override async onTrainEnd(): Promise<void> {
    if (this.#batches % this.#every !== 0) await this.#clip();
  }

  async #clip(): Promise<void> {
    const { critic, ...options } = this.#options;
    await clipModel(critic ?? this.model, { measure: false, ...options });
  }
}
