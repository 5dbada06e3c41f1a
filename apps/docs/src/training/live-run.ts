import { fromPixels, parseNpz, Random, sizeOf, type Registry } from '@tgan/core';
import type { ClipSource, Digits } from '@tgan/datasets';
import { movingMnist } from '@tgan/datasets/moving-mnist';
import { formatWeightsFile, weightsOf } from '@tgan/runs/weights';
import type { VideoModel } from '@tgan/video-gan';
import { models } from '@tgan/video-gan/registries';
import { WganTrainer, type RealBatch, type StepMetrics } from '@tgan/wgan-trainer';
import {
  constraints,
  objectives,
  optimizers,
  schedules,
  trainerOptions,
} from '@tgan/wgan-trainer/registries';
import * as tf from '@tensorflow/tfjs';

/** The configuration of a run with every key, as `config.yaml` of a run folder has it. */
export interface LiveConfig {
  readonly seed: number;
  readonly batchSize: number;
  readonly steps: number;
  readonly [key: string]: unknown;
}

/** Videos as numbers in [-1, 1]. */
export interface Samples {
  readonly data: Float32Array;
  /** `[videos, frames, height, width, channels]`. */
  readonly shape: readonly number[];
}

/** The names of Moving MNIST's labels. */
const labelNames = Array.from({ length: 10 }, (_, digit) => `${digit}`);

/** Two videos of each digit. */
const sampleCount = 20;

/** A run on Moving MNIST that needs no folder, in a page or in Node. */
export class LiveRun {
  readonly #config: LiveConfig;
  readonly #model: VideoModel;
  readonly #trainer: WganTrainer<tf.Tensor5D>;
  readonly #clips: ClipSource;
  readonly #sampleLatents: tf.Tensor2D;
  #batchesRead = 0;

  private constructor(
    config: LiveConfig,
    model: VideoModel,
    trainer: WganTrainer<tf.Tensor5D>,
    clips: ClipSource,
    sampleSeed: number,
  ) {
    this.#config = config;
    this.#model = model;
    this.#trainer = trainer;
    this.#clips = clips;
    this.#sampleLatents = model.latents(sampleCount, new Random(sampleSeed));
  }

  /**
   * Makes the model, the trainer and the data of a configuration.
   *
   * @param digits - the bytes of an .npz file with `pixels` and `labels`, see {@link readDigits}.
   * @throws RegistryError or OptionsError when the configuration is wrong.
   */
  static async start(config: LiveConfig, digits: Uint8Array): Promise<LiveRun> {
    const random = new Random(config.seed);
    const model = await create(models, config, { seed: random.seed() });
    const trainer = new WganTrainer(model, {
      ...pick(config, trainerOptions.shape),
      objective: await create(objectives, config),
      constraint: await create(constraints, config),
      optimizer: await create(optimizers, config),
      schedule: await create(schedules, config, { steps: config.steps }),
      seed: random.seed(),
    });
    const { frames, imageSize, classes = 0 } = model.options;
    const clips = movingMnist(
      {
        ...pick(config, { digits: true, digitSize: true }),
        ...{ frames, imageSize, labeled: classes > 0, seed: random.seed() },
      },
      readDigits(digits),
    );
    return new LiveRun(config, model, trainer, clips, random.seed());
  }

  /** The steps of the whole run. */
  get steps(): number {
    return this.#config.steps;
  }

  get stepsDone(): number {
    return this.#trainer.stepsDone;
  }

  /** Takes one step. */
  step(): Promise<StepMetrics> {
    return this.#trainer.step(() => this.#nextBatch());
  }

  /** Videos of the averaged generator, at the same latents each time; labels take turns. */
  samples(): Promise<Samples> {
    const { classes = 0 } = this.#model.options;
    return this.#trainer.averaged(async () => {
      const videos = tf.tidy(() => {
        const labels = Int32Array.from({ length: sampleCount }, (_, i) => i % classes);
        return this.#model.generate(this.#sampleLatents, {
          ...(classes > 0 && { labels: tf.tensor1d(labels, 'int32') }),
        });
      });
      const data = (await videos.data()) as Float32Array;
      videos.dispose();
      return { data, shape: videos.shape };
    });
  }

  /** The averaged weights and the configuration as a safetensors file, which tgan imports. */
  weights(): Promise<Uint8Array> {
    const { classes = 0 } = this.#model.options;
    return this.#trainer.averaged(async () =>
      formatWeightsFile({
        config: this.#config,
        labels: classes > 0 ? labelNames : [],
        arrays: await weightsOf(this.#model),
      }),
    );
  }

  dispose(): void {
    this.#trainer.dispose();
    this.#model.dispose();
    this.#sampleLatents.dispose();
  }

  async #nextBatch(): Promise<RealBatch<tf.Tensor5D>> {
    const { batchSize } = this.#config;
    const { frames, height, width, channels } = this.#clips.clip;
    const clipSize = sizeOf([frames, height, width, channels]);
    const first = batchSize * this.#batchesRead++;
    const indices = Array.from({ length: batchSize }, (_, i) => first + i);
    const pixels = new Float32Array(batchSize * clipSize);
    for (const [i, index] of indices.entries()) {
      const clip = await this.#clips.read(index, new Random(index));
      fromPixels(clip, pixels.subarray(i * clipSize, (i + 1) * clipSize));
    }
    const { label } = this.#clips;
    return {
      samples: tf.tensor5d(pixels, [batchSize, frames, height, width, channels]),
      ...(label && { labels: tf.tensor1d(indices.map(label), 'int32') }),
    };
  }
}

/** Creates what a configuration names on an axis, by default its first entry. */
function create<Product, Context>(
  registry: Registry<Product, Context>,
  config: LiveConfig,
  ...[context]: Context extends void ? [] : [context: Context]
): Promise<Product> {
  const name = String(config[registry.axis] ?? registry.names[0]);
  const options = pick(config, registry.get(name).options.shape);
  return registry.create(name, options, context as Context);
}

/** The entries of a configuration that a schema has. */
const pick = (config: LiveConfig, shape: object) =>
  Object.fromEntries(Object.entries(config).filter(([key]) => Object.hasOwn(shape, key)));

/** The digits in an .npz file: `pixels` of `[count, size, size]` and `labels` of `[count]`. */
export function readDigits(bytes: Uint8Array): Required<Digits> {
  const arrays = parseNpz(bytes);
  const [pixels, labels] = ['pixels', 'labels'].map((name) => arrays.get(name)!);
  const [count, size] = pixels.shape;
  return {
    ...{ count, size },
    pixels: pixels.data as Uint8Array,
    labels: labels.data as Uint8Array,
  };
}
