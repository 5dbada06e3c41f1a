import { fromPixels, Random } from '@tgan/core';
import { clipBytes, type ClipSource } from './clip-source.js';
import { DatasetError } from './error.js';

/** A batch of clips for the networks. */
export interface ClipBatch {
  /** Pixels in [-1, 1), scaled as in the original code: (x - 128) / 128. The caller owns them. */
  readonly clips: Float32Array;
  readonly shape: [batch: number, frames: number, height: number, width: number, channels: number];
  /** One label per clip, if the source has labels. */
  readonly labels?: Int32Array;
  /** The number of batches used, including this one. Resume here to get the next. */
  readonly position: number;
}

/** One part of each batch. */
export interface BatchPart {
  /** From 0. */
  readonly index: number;
  /** How many parts there are. */
  readonly of: number;
}

/** What decides which clips are in a batch. */
export interface BatchOrder {
  readonly batchSize: number;
  readonly seed: number;
  readonly shuffle: boolean;
  readonly part: BatchPart;
}

/** The endless sequence of a source's batches. Each one depends on its number only. */
export class Batches {
  /** Batches in an epoch; Infinity when the source never ends. */
  readonly perEpoch: number;
  #permutation: { epoch: number; indices: Uint32Array } | undefined;

  /** @throws DatasetError for a source that does not fill one batch. */
  constructor(
    private readonly source: ClipSource,
    private readonly order: BatchOrder,
  ) {
    this.perEpoch = Math.floor((source.size ?? Infinity) / order.batchSize);
    if (this.perEpoch === 0) {
      throw new DatasetError(
        `ClipLoader: batchSize ${order.batchSize} is more than the ${source.size} clips that there are`,
      );
    }
  }

  /** The batch that comes after so many others. */
  async at(used: number): Promise<ClipBatch> {
    const { source, order } = this;
    const epoch = Math.floor(used / this.perEpoch);
    const { frames, height, width, channels } = source.clip;
    const size = clipBytes(source.clip);
    const indices = this.#indices(epoch, used % this.perEpoch);
    const clips = new Float32Array(indices.length * size);
    const read = async (index: number, position: number) => {
      const bytes = await source.read(index, new Random(order.seed, epoch, index));
      if (bytes.length !== size) {
        throw new DatasetError(`ClipLoader: clip ${index} has ${bytes.length} bytes, not ${size}`);
      }
      fromPixels(bytes, clips.subarray(position * size, (position + 1) * size));
    };
    await Promise.all(indices.map(read));
    const labels = source.label && indices.map((index) => source.label!(index));
    return {
      clips,
      shape: [indices.length, frames, height, width, channels],
      ...(labels && { labels: Int32Array.from(labels) }),
      position: used + 1,
    };
  }

  /** Which clips make up this part of a batch. */
  #indices(epoch: number, batch: number): number[] {
    const { batchSize, seed, shuffle, part } = this.order;
    const edge = (index: number) => batch * batchSize + Math.floor((index * batchSize) / part.of);
    const [first, end] = [edge(part.index), edge(part.index + 1)];
    const { size } = this.source;
    if (size === undefined || !shuffle)
      return Array.from({ length: end - first }, (_, i) => first + i);
    if (this.#permutation?.epoch !== epoch) {
      this.#permutation = { epoch, indices: new Random(seed, epoch).permutation(size) };
    }
    return [...this.#permutation.indices.subarray(first, end)];
  }
}
