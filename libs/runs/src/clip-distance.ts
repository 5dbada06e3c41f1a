import { ClipLoader, type ClipBatch, type ClipSource } from '@tgan/datasets';
import { Random } from '@tgan/core';
import type { VideoModel } from '@tgan/video-gan';
import * as tf from '@tensorflow/tfjs';

/**
 * How many clips of each kind are compared, along how many directions, and how many are made at
 * once.
 */
const counts = { clips: 64, directions: 64, batch: 16 };

/** Latents, and labels for a conditional model, of some clips. */
interface Recipe {
  readonly z0: tf.Tensor2D;
  readonly labels?: tf.Tensor1D;
}

/**
 * The distance of a generator's clips from real ones: the sliced Wasserstein distance (Rabin et al.
 * 2011). Along a random direction in the space of all pixels of a clip the distance of two sets of
 * clips is the mean difference of their sorted projections; this is the mean over directions.
 *
 * It is zero only for equal clips and does not depend on a critic, so it can compare generators at
 * different steps. It is also coarse: it sees the mean clip, the spread of clips and large
 * structure better than detail. Clips, latents and directions stay the same, so that chance does
 * not come between two steps.
 */
export class ClipDistance {
  readonly #directions: tf.Tensor2D;
  readonly #recipes: Recipe[] = [];
  /** The sorted projections of the real clips, by direction. */
  #real: Float32Array[] = [];

  private constructor(directions: tf.Tensor2D) {
    this.#directions = directions;
  }

  /** @param seed - of the clips, latents and directions. */
  static async open(source: ClipSource, model: VideoModel, seed: number): Promise<ClipDistance> {
    const random = new Random(seed);
    const batchSize = Math.min(counts.batch, source.size ?? counts.batch);
    const batches = new ClipLoader(source, { batchSize, seed: random.seed(), prefetch: 0 });
    const iterator: AsyncIterator<ClipBatch> = batches[Symbol.asyncIterator]();
    const { frames, height, width, channels } = source.clip;
    const shape: [number, number] = [frames * height * width * channels, counts.directions];
    // Scaled so that the distance is of the size of a pixel's.
    const reach = Math.sqrt(3 / shape[0]);
    const values = random.uniform(tf.util.sizeFromShape(shape), -reach, reach);
    const distance = new ClipDistance(tf.tensor2d(values, shape));
    const projections: Float32Array[] = [];
    for (let i = 0; i < counts.clips; i += batchSize) {
      const { clips, shape, labels } = (await iterator.next()).value as ClipBatch;
      projections.push(await distance.#project(tf.tensor5d(clips, shape)));
      distance.#recipes.push({
        z0: model.latents(batchSize, random),
        ...(model.options.classes && labels && { labels: tf.tensor1d(labels, 'int32') }),
      });
    }
    await iterator.return?.();
    distance.#real = sortedColumns(projections);
    return distance;
  }

  /** The distance of a model's clips, made with the running statistics, as in use. */
  async measure(model: VideoModel): Promise<number> {
    const projections: Float32Array[] = [];
    for (const { z0, labels } of this.#recipes) {
      projections.push(await this.#project(tf.tidy(() => model.generate(z0, { labels }))));
    }
    const made = sortedColumns(projections);
    let sum = 0;
    made.forEach((column, i) =>
      column.forEach((value, j) => (sum += Math.abs(value - this.#real[i][j]))),
    );
    return sum / (made.length * made[0].length);
  }

  dispose(): void {
    tf.dispose([this.#directions, this.#recipes.map(({ z0, labels }) => [z0, labels ?? []])]);
  }

  /** The projections of clips, [clips, directions]. Disposes the clips. */
  async #project(clips: tf.Tensor5D): Promise<Float32Array> {
    const projected = tf.tidy(() => clips.reshape([clips.shape[0], -1]).matMul(this.#directions));
    clips.dispose();
    const values = (await projected.data()) as Float32Array;
    projected.dispose();
    return values;
  }
}

/** The columns of matrices that lie below one another, each sorted. */
function sortedColumns(matrices: readonly Float32Array[]): Float32Array[] {
  return Array.from({ length: counts.directions }, (_, column) =>
    Float32Array.from(
      matrices.flatMap((values) => [...values].filter((_, i) => i % counts.directions === column)),
    ).sort(),
  );
}
