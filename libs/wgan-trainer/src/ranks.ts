import { Random, type Communicator } from '@tgan/core';
import { shareBatch, type BatchShare } from '@tgan/gan-layers';
import * as tf from '@tensorflow/tfjs';
import type { Gan } from './gan.js';

/** Mean scores of a batch. */
interface MeanScores {
  readonly real: number;
  readonly fake: number;
}

/** Values of a bucket: 4 MB. */
const bucketSize = 2 ** 20;

/**
 * What the ranks of data-parallel training do together in a step, so that they take the step that
 * one process would take on the whole batch.
 */
export class Ranks {
  readonly communicator: Communicator;
  readonly #networks: readonly tf.LayersModel[];
  readonly #syncBatchNorm: boolean;

  constructor(communicator: Communicator, { networks }: Gan, syncBatchNorm: boolean) {
    this.communicator = communicator;
    this.#networks = Object.values(networks);
    this.#syncBatchNorm = syncBatchNorm;
  }

  /** Finds out which part of the batch this rank has, and tells the layers. */
  share(count: number): BatchShare {
    const { communicator } = this;
    const counts = communicator.allGather(count);
    const sumOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);
    const share = {
      start: sumOf(counts.slice(0, communicator.rank)),
      count,
      total: sumOf(counts),
      ...(this.#syncBatchNorm &&
        communicator.size > 1 && {
          sum: (values: Float64Array) => communicator.allReduce(values).wait(),
        }),
    };
    for (const network of this.#networks) shareBatch(network, share);
    return share;
  }

  /** This rank's part of the latents of a batch. All ranks draw the same. */
  latents(model: Gan, { start, count, total }: BatchShare, random: Random): tf.Tensor {
    return tf.tidy(() => {
      const all = model.latents(total, random);
      model.keepPart?.(start, count);
      const rest = all.shape.slice(1);
      return all.slice([start, ...rest.map(() => 0)], [count, ...rest]);
    });
  }

  /** A stream of this rank's own, for random numbers that no two ranks should share. */
  ownRandom(random: Random): Random {
    return new Random(random.seed(), this.communicator.rank);
  }

  /**
   * Replaces the gradients of this rank's part by their sums over all ranks. They go in buckets:
   * while one is on its way, the next is filled.
   */
  sumGradients(gradients: tf.NamedTensorMap): void {
    const buckets = bucketsOf(Object.entries(gradients));
    const pending = buckets.map((bucket) => {
      const values = new Float32Array(
        bucket.reduce((size, [, gradient]) => size + gradient.size, 0),
      );
      let from = 0;
      for (const [, gradient] of bucket) {
        values.set(gradient.dataSync(), from);
        from += gradient.size;
      }
      return { bucket, values, sum: this.communicator.allReduce(values) };
    });
    for (const { bucket, values, sum } of pending) {
      sum.wait();
      let from = 0;
      for (const [name, gradient] of bucket) {
        gradients[name] = tf.tensor(values.slice(from, from + gradient.size), gradient.shape);
        from += gradient.size;
        gradient.dispose();
      }
    }
  }

  /** The mean scores of the whole batch, out of those of this part. */
  meanScores({ real, fake }: MeanScores, { count, total }: BatchShare): MeanScores {
    const sums = Float64Array.of(count * real, count * fake);
    this.communicator.allReduce(sums).wait();
    return { real: sums[0] / total, fake: sums[1] / total };
  }

  /** What the first rank that knows it found. */
  firstFound<T>(found: T | undefined): T | undefined {
    return this.communicator.allGather(found).find((one) => one !== undefined);
  }

  /**
   * With local batch norm each rank moves its running statistics by those of its part: replaces
   * them by their mean over all ranks, so that these stay equal.
   */
  averageStatistics(): void {
    if (this.#syncBatchNorm) return;
    const { communicator } = this;
    const statistics = this.#networks.flatMap(({ nonTrainableWeights }) => nonTrainableWeights);
    const variables = statistics.map((weight) => weight.read() as tf.Variable);
    const pending = variables.map((variable) => {
      const values = Float32Array.from(variable.dataSync());
      return { variable, values, sum: communicator.allReduce(values) };
    });
    for (const { variable, values, sum } of pending) {
      sum.wait();
      const mean = values.map((value) => value / communicator.size);
      tf.tidy(() => variable.assign(tf.tensor(mean, variable.shape)));
    }
  }
}

type Named = [name: string, gradient: tf.Tensor];

/** Whole tensors together, in order, until a bucket is full. */
function bucketsOf(gradients: readonly Named[]): Named[][] {
  const buckets: Named[][] = [];
  let room = 0;
  for (const named of gradients) {
    const { size } = named[1];
    if (size > room) {
      buckets.push([]);
      room = bucketSize;
    }
    buckets.at(-1)!.push(named);
    room -= size;
  }
  return buckets;
}
