import { Registry } from '@tgan/core';
import type { ClipSource } from './clip-source.js';
import { movingMnistEntry } from './moving-mnist.js';
import { packedEntry } from './packed.js';

/** What a data set is told in addition to its options: the clips of the model. */
export interface DatasetContext {
  /** Frames of a clip. */
  readonly frames: number;
  /** Height and width of a frame in pixels. */
  readonly imageSize: number;
  /** 1 (gray) or 3 (red, green, blue). */
  readonly channels: number;
  /** Whether the model reads labels. */
  readonly labeled: boolean;
  /** The seed of generated clips. */
  readonly seed: number;
}

/**
 * All data sets that a configuration can name. Importing this module loads neither TensorFlow.js
 * nor a decoder.
 *
 * An entry matches the context as far as it can. The size, channels and labels of a file are fixed,
 * so the caller compares `clip` and `classes` of the source with its model.
 */
export const datasets = new Registry<ClipSource, DatasetContext>('dataset', [
  movingMnistEntry,
  packedEntry,
]);
