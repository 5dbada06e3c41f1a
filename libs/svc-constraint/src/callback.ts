import * as tf from '@tensorflow/tfjs';
import { refuseUnknown } from './check-options.js';
import { clipModel, type ClipModelOptions } from './model.js';

/** Options of {@link ProjectionCallback}. */
export interface ProjectionCallbackOptions {
  /** Batches between two projections. Default 5, the paper's. */
  readonly every?: number;
  /**
   * What to project, for example a critic inside the model that `fit` trains. Default: the whole
   * model.
   */
  readonly critic?: tf.LayersModel;
}

/**
 * Keeps a model constrained while `model.fit` trains it. It calls a projection every few batches,
 * counted over epochs, and at the end.
 *
 * @example
 * ```ts
 * await critic.fit(xs, ys, { callbacks: new ProjectionCallback(spectralNormalize, { every: 1 }) });
 * ```
 */
export class ProjectionCallback extends tf.Callback {
  readonly #project: (model: tf.LayersModel) => unknown;
  readonly #every: number;
  readonly #critic: tf.LayersModel | undefined;
  #batches = 0;

  /**
   * @param project - changes a model in place: `spectralNormalize`, `clipOperatorNorms`,
   * `clipWeights`, `clipModel`, or a function of your own. A promise is waited for.
   * @throws RangeError when `every` is not a whole number from 1 up, TypeError when an option is
   * unknown.
   */
  constructor(
    project: (model: tf.LayersModel) => unknown,
    options: ProjectionCallbackOptions = {},
  ) {
    super();
    refuseUnknown('ProjectionCallback', options, ['every', 'critic']);
    const { every = 5, critic } = options;
    if (!(Number.isInteger(every) && every >= 1)) {
      throw new RangeError(
        `ProjectionCallback: every must be a whole number from 1 up, got ${every}`,
      );
    }
    this.#project = project;
    this.#every = every;
    this.#critic = critic;
  }

  override async onBatchEnd(): Promise<void> {
    this.#batches++;
    if (this.#batches % this.#every === 0) await this.#run();
  }

  override async onTrainEnd(): Promise<void> {
    if (this.#batches % this.#every !== 0) await this.#run();
  }

  async #run(): Promise<void> {
    await this.#project(this.#critic ?? this.model);
  }
}

/** Options of {@link SvcCallback}. */
export interface SvcCallbackOptions extends ProjectionCallbackOptions, ClipModelOptions {}

/**
 * A {@link ProjectionCallback} that calls {@link clipModel}. `measure` is off by default.
 *
 * @example
 * ```ts
 * await critic.fit(xs, ys, { callbacks: new SvcCallback({ every: 5 }) });
 * ```
 */
export class SvcCallback extends ProjectionCallback {
  /**
   * @throws RangeError when `every` is not a whole number from 1 up, TypeError when an option is
   * unknown.
   */
  constructor({ every, critic, ...options }: SvcCallbackOptions = {}) {
    refuseUnknown('SvcCallback', options, ['bound', 'layers', 'gamma', 'measure']);
    super((model) => clipModel(model, { measure: false, ...options }), { every, critic });
  }
}
