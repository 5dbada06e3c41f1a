import { Registry } from '@tgan/core';
import type { ClipSource } from './clip-source.js';
import { movingMnistEntry } from './moving-mnist.js';
import { packedEntry } from './packed.js';

/** What a data set is told beside its options: the clips that a model learns from. */
export interface DatasetContext {
  /** Frames of a clip. */
  readonly frames: number;
  /** Height and width of a frame in pixels. */
  readonly imageSize: number;
  /** 1 (gray) or 3 (red, green, blue). */
  readonly channels: number;
  /** Whether the model reads labels. */
  readonly labeled: boolean;
  /** Seeds clips that are generated. */
  readonly seed: number;
}

/**
 * The data sets that a configuration can name. Importing this module loads neither TensorFlow.js
 * nor a decoder.
 *
 * An entry makes its clips as near to the context as it can. A file has the size, channels and
 * labels that it has, so the caller compares `clip` and `classes` of the source with what its model
 * takes.
 */
export const datasets = new Registry<ClipSource, DatasetContext>('dataset', [
  movingMnistEntry,
  packedEntry,
]);
