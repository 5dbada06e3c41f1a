import { Random } from '@tgan/core';
import { registerSimdBackend } from '@tgan/simd-backend';
import {
  combineLatents,
  interpolate,
  transitionFilm,
  truncateLatents,
  VideoGan,
  type Mode,
  type VideoModel,
  type WeightedLatent,
} from '@tgan/video-gan';
import * as tf from '@tensorflow/tfjs';
import { directionsOf } from './directions.js';
import type { Direction } from './named-directions.js';
import { openModel } from './open-model.js';
import { videos, type Scene } from './scene.js';

/** What the page must know of a model. */
export interface ModelFacts {
  readonly frames: number;
  readonly imageSize: number;
  /** The names of its labels; none for an unconditional model. */
  readonly labels: readonly string[];
  /** Whether it has a latent for each frame: only then something lies between its frames. */
  readonly temporal: boolean;
}

/** Videos as the model makes them. */
export interface VideoValues {
  /** In [-1, 1]. */
  readonly data: Float32Array<ArrayBuffer>;
  /** [videos, frames, height, width, channels]. */
  readonly shape: readonly number[];
}

/** What the latents and the labels of videos depend on. */
export type Recipe = Pick<Scene, 'seed' | 'label' | 'truncation' | 'moves'>;

/** Opens models and makes videos; it lives in a worker of the page. */
export class Studio {
  #model?: VideoModel;
  #directions: readonly Direction[] = [];

  /**
   * Turns a backend on. Models must be opened again afterwards.
   *
   * @returns its name, with its number of threads where that is known.
   * @throws Error when this browser does not have it.
   */
  async useBackend(name: string): Promise<string> {
    tf.enableProdMode();
    if (name === 'webgl') await import('@tensorflow/tfjs-backend-webgl');
    const threads = name === 'simd' ? (await registerSimdBackend()).threads : undefined;
    if (!(await tf.setBackend(name).catch(() => false))) {
      throw new Error(`the backend ${name} does not run in this browser; choose another`);
    }
    return threads === undefined ? name : `${name}, ${threads} thread${threads > 1 ? 's' : ''}`;
  }

  /**
   * Opens a model in place of the one before.
   *
   * @throws Error as `openModel`. The model before is kept then.
   */
  async open(files: ReadonlyMap<string, Blob>): Promise<ModelFacts> {
    const { model, labels } = await openModel(files);
    this.#model?.dispose();
    this.#model = model;
    this.#directions = [];
    const { frames, imageSize } = model.options;
    return { frames, imageSize, labels, temporal: model instanceof VideoGan };
  }

  /** Finds the directions of z0 that `moves` go along, and says what they are called. */
  async directions(): Promise<string[]> {
    const model = this.#open();
    if (model instanceof VideoGan) this.#directions = await directionsOf(model);
    return this.#directions.map(({ name }) => name);
  }

  /** Some of the videos of a seed, by their places. */
  videos(recipe: Recipe, picks: readonly number[]): Promise<VideoValues> {
    const model = this.#open();
    return read(() => model.generate(this.#latents(recipe, picks), modeOf(model, recipe, picks)));
  }

  /** One video with frames between its frames, as `tgan interpolate`. */
  between(recipe: Recipe, pick: number, factor: number): Promise<VideoValues> {
    const gan = this.#temporal();
    return read(() =>
      interpolate(gan, this.#latents(recipe, [pick]), { factor }, modeOf(gan, recipe, [pick])),
    );
  }

  /** One film from a video to another, both with the label of the first, as `tgan transition`. */
  transition(recipe: Recipe, from: number, to: number): Promise<VideoValues> {
    const gan = this.#temporal();
    return read(() => {
      const [first, last] = [from, to].map((pick) => this.#latents(recipe, [pick]));
      return transitionFilm(gan, first, last, { label: labelOf(gan, recipe, from) });
    });
  }

  /** [picks, latentSize]. */
  #latents({ seed, truncation, moves }: Recipe, picks: readonly number[]): tf.Tensor2D {
    const model = this.#open();
    return tf.tidy(() => {
      const all = truncateLatents(model.latents(videos, new Random(seed)), truncation);
      const z0 = all.gather(tf.tensor1d([...picks], 'int32'));
      const terms = this.#directions.flatMap(({ vector }, i): WeightedLatent[] =>
        moves[i] ? [[moves[i], tf.tensor1d(vector).expandDims(0).tile([picks.length, 1])]] : [],
      );
      return terms.length > 0 ? combineLatents([[1, z0], ...terms]) : z0;
    });
  }

  #open(): VideoModel {
    if (!this.#model) throw new Error('no model is open');
    return this.#model;
  }

  #temporal(): VideoGan {
    const model = this.#open();
    if (model instanceof VideoGan) return model;
    throw new Error('this model has no latent for each frame, so nothing lies between its frames');
  }
}

/** The label of a video by its place, for a conditional model. */
function labelOf({ options }: VideoModel, { label }: Recipe, pick: number): number | undefined {
  const { classes = 0 } = options;
  if (classes === 0) return undefined;
  return label === undefined || label >= classes ? pick % classes : label;
}

function modeOf(model: VideoModel, recipe: Recipe, picks: readonly number[]): Pick<Mode, 'labels'> {
  const labels = picks.map((pick) => labelOf(model, recipe, pick) ?? -1);
  return labels.includes(-1) ? {} : { labels: tf.tensor1d(labels, 'int32') };
}

async function read(make: () => tf.Tensor5D): Promise<VideoValues> {
  const made = tf.tidy(make);
  try {
    return { data: (await made.data()) as Float32Array<ArrayBuffer>, shape: made.shape };
  } finally {
    made.dispose();
  }
}
