import { Random } from '@tgan/core';
import { truncateLatents, VideoGan, Vgan, type VideoModel } from '@tgan/video-gan';
import * as tf from '@tensorflow/tfjs';
import { axisNames, builtInAxes, type Axes } from './config/axes.js';
import type { RunConfig } from './config/config.js';
import { UsageError } from './errors.js';
import { everyLabel, labelNamed } from './labels.js';
import { MetricsFile } from './plot/metrics-file.js';
import { RunFolder } from './run-folder.js';
import { loadWeights, type WeightsChoice } from './run-weights.js';
import { selectBackend } from './select-backend.js';

/** The options of {@link TrainedRun.sample}. */
export interface SampleOptions {
  /** How many videos. Default 16. */
  readonly count?: number;
  /** The same seed gives the same videos. Default 0. */
  readonly seed?: number;
  /** The label, for a conditional model. Default: each label in turn. */
  readonly label?: string;
  /** The scale of the latents, from 0 to 1. Default 1, as in training. */
  readonly truncation?: number;
}

/** The options of {@link openRun}. */
export interface OpenOptions extends WeightsChoice {
  readonly backend?: string;
}

/**
 * Opens a run to make videos with its generator.
 *
 * @param folder - the run folder.
 * @param options - `backend`: what computes, see `selectBackend`, `auto` by default; and which
 * weights.
 * @throws UsageError when there is no run; ModelFileError when it has no weights yet or they are
 * damaged; BackendError when the backend does not run here.
 */
export async function openRun(
  folder: string,
  { backend, ...choice }: OpenOptions = {},
): Promise<TrainedRun> {
  const { run, config, axes } = await RunFolder.open(folder);
  tf.enableProdMode();
  await selectBackend(backend);
  const model = await axes.create('model', config, { seed: 0 });
  try {
    const step = await loadWeights(run, model, config.steps, choice);
    return new TrainedRun(run, config, model, axes, step);
  } catch (error) {
    model.dispose();
    throw error;
  }
}

/** A run with its trained generator. */
export class TrainedRun {
  readonly run: RunFolder;
  readonly config: RunConfig;
  readonly model: VideoModel;
  readonly axes: Axes;
  /** The step of the weights; undefined if they were imported. */
  readonly step?: number;

  /** The model becomes the run's, see {@link dispose}. */
  constructor(
    run: RunFolder,
    config: RunConfig,
    model: VideoModel,
    axes = builtInAxes,
    step?: number,
  ) {
    this.run = run;
    this.config = config;
    this.model = model;
    this.axes = axes;
    this.step = step;
  }

  /**
   * New videos.
   *
   * @returns [count, frames, height, width, channels] in [-1, 1]; the caller disposes them.
   * @throws UsageError when there is no such label.
   */
  async sample(options: SampleOptions = {}): Promise<tf.Tensor5D> {
    const { count = 16, label } = options;
    const given = label === undefined ? undefined : await this.label(label);
    return tf.tidy(() => {
      const labels =
        given === undefined
          ? everyLabel(this.model, count)
          : tf.tensor1d(new Int32Array(count).fill(given), 'int32');
      return this.model.generate(this.#latents(options), { labels });
    });
  }

  /**
   * The parts of a VGAN's videos: each video is followed by its foreground, its mask from black to
   * white, and its background.
   *
   * @returns [4 * count, frames, height, width, channels] in [-1, 1]; the caller disposes them.
   * @throws UsageError when the model is another.
   */
  streams(options: SampleOptions = {}): tf.Tensor5D {
    const { model } = this;
    if (!(model instanceof Vgan)) {
      throw new UsageError(
        `--streams shows the parts of a vgan's videos; ${this.run.path} holds a ${this.config.model}`,
      );
    }
    return tf.tidy(() => {
      const { clip, foreground, mask, background } = model.streams(this.#latents(options));
      const [count, frames, height, width, channels] = clip.shape;
      const gray = mask.reshape([-1, 1]).mul(2).sub(1).tile([1, channels]);
      const still = background.reshape([count, 1, -1]).tile([1, frames, 1]);
      const rows = [clip, foreground, gray, still].map((part) => part.reshape([count, -1]));
      return tf.stack(rows, 1).reshape([4 * count, frames, height, width, channels]);
    });
  }

  /**
   * The model as a Temporal GAN, for what needs a latent for each frame.
   *
   * @param what - what needs it; begins the message.
   * @throws UsageError when the model is another.
   */
  temporalGan(what: string): VideoGan {
    if (this.model instanceof VideoGan) return this.model;
    throw new UsageError(
      `${what} needs a latent for each frame, which the ${this.config.model} of ${this.run.path} does not have`,
    );
  }

  /**
   * The label of all videos; undefined for an unconditional model.
   *
   * @param name - the label's name or number. Default: the first label.
   * @throws UsageError when there is no such label, or a name is given and the model takes none.
   */
  async label(name?: string): Promise<number | undefined> {
    if (name !== undefined) return labelNamed(name, this.run, this.model.options.classes);
    return this.model.options.classes ? 0 : undefined;
  }

  /** How the run was made, for a model card. */
  async facts(): Promise<Record<string, string | number>> {
    const { config } = this;
    const metrics = new MetricsFile(this.run.part('metrics'));
    const isKnown = await metrics.read().catch(() => false);
    const weights = Object.values(this.model.networks).map((network) => network.countParams());
    return {
      ...Object.fromEntries(axisNames.map((axis) => [axis, config[axis]])),
      ...(isKnown && { steps: metrics.metrics.lastStep }),
      'batch size': config.batchSize,
      'learning rate': config.learningRate,
      'average decay': config.averageDecay,
      seed: config.seed,
      weights: weights.reduce((sum, count) => sum + count, 0),
    };
  }

  /** Frees the model. */
  dispose(): void {
    this.model.dispose();
  }

  #latents({ count = 16, seed = 0, truncation = 1 }: SampleOptions): tf.Tensor2D {
    return truncateLatents(this.model.latents(count, new Random(seed)), truncation) as tf.Tensor2D;
  }
}
