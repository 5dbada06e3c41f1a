import { sizeOf } from '@tgan/core';
import * as tf from '@tensorflow/tfjs';
import { MetricsError } from '../errors.js';
import { cellSize, createReaderNetwork, describedIn, outputClasses } from './network.js';

/** A digit that the reader sees in a frame. */
export interface Sighting {
  /** 0..9, the likeliest one. */
  readonly digit: number;
  /** The probability that this digit is here, 0..1. */
  readonly confidence: number;
  /** The probability that any digit is here, 0..1. */
  readonly presence: number;
  /** Row of the center in pixels; that of the top left pixel's center is 0. */
  readonly y: number;
  /** Column of the center in pixels. */
  readonly x: number;
}

const digits = outputClasses - 1;

/** What is less probable than this is not reported. */
const leastPresence = 0.2;

/** What the network says of the whole of each frame, for features. Row by row. */
export interface FrameDescriptions {
  /** `[count, describedIn]`: what the digits look like. 0 where there is none. */
  readonly look: Float32Array;
  /** `[count, 10]`: how much of each digit there is; sums to about 1 where there is one digit. */
  readonly digits: Float32Array;
  /** `[count, 2]`: the mean center of the digits, row and column, as a part of the frame, 0..1. */
  readonly places: Float32Array;
}

/** Frames that go through the network at once. */
const chunk = 128;

/**
 * Reads the digits in frames of Moving MNIST, one frame at a time: which digit, where, and how
 * sure.
 *
 * A small convolutional network of ours, trained by `tools/train-reader.mjs` on MNIST's training
 * digits and on what only looks like digits: noise, strokes, blends, cut and blurred digits. There
 * its confidence stays low.
 *
 * @example
 * ```ts
 * const reader = new MovingMnistReader(weights);
 * const [[sighting]] = await reader.readFrames(frames); // digit 7, confidence 0.98, y, x
 * reader.dispose();
 * ```
 */
export class MovingMnistReader {
  readonly #network: tf.Sequential;

  /**
   * @param weights - the bytes of `moving-mnist-reader.bin`: float32 numbers, little-endian, layer
   * by layer.
   * @throws MetricsError when there are not as many numbers as the network has, or one is not
   * finite.
   */
  constructor(weights: Uint8Array) {
    this.#network = createReaderNetwork();
    try {
      setWeights(this.#network, weights);
    } catch (error) {
      this.#network.dispose();
      throw error;
    }
  }

  /**
   * @param frames - `[count, height, width, 1]` in [-1, 1]. Stays the caller's.
   * @returns for each frame what is seen in it, the surest first.
   * @throws MetricsError when the frames have more than one channel.
   */
  async readFrames(frames: tf.Tensor4D): Promise<Sighting[][]> {
    const seen: Sighting[][] = [];
    for (let at = 0; at < frames.shape[0]; at += chunk) {
      const map = tf.tidy(() => this.#look(frames, at).map);
      const [count, rows, columns] = map.shape;
      const probabilities = (await map.data()) as Float32Array;
      map.dispose();
      const size = rows * columns * outputClasses;
      for (let i = 0; i < count; i++) {
        seen.push(sightings(probabilities.slice(i * size, (i + 1) * size), rows, columns));
      }
    }
    return seen;
  }

  /**
   * @param frames - as {@link readFrames} takes them.
   * @throws as {@link readFrames} does.
   */
  async describeFrames(frames: tf.Tensor4D): Promise<FrameDescriptions> {
    const count = frames.shape[0];
    const found = {
      look: new Float32Array(count * describedIn),
      digits: new Float32Array(count * digits),
      places: new Float32Array(count * 2),
    };
    for (let at = 0; at < count; at += chunk) {
      const parts = tf.tidy(() => describe(this.#look(frames, at)));
      for (const name of ['look', 'digits', 'places'] as const) {
        found[name].set(await parts[name].data(), at * (found[name].length / count));
      }
      tf.dispose(parts);
    }
    return found;
  }

  /** Frees the network. */
  dispose(): void {
    this.#network.dispose();
  }

  /**
   * A chunk of frames through the network: the probabilities of each cell, and what the last layer
   * read.
   */
  #look(frames: tf.Tensor4D, at: number) {
    const [count, height, width, channels] = frames.shape;
    if (channels !== 1) {
      throw new MetricsError(
        `the reader of Moving MNIST takes frames of 1 channel, these have ${channels}: [${frames.shape}]`,
      );
    }
    const over = [height, width].map((n): [number, number] => [0, -n & (cellSize - 1)]);
    const some = frames.slice([at, 0, 0, 0], [Math.min(chunk, count - at), -1, -1, -1]);
    let x: tf.Tensor = some
      .add(1)
      .mul(0.5)
      .clipByValue(0, 1)
      .pad([[0, 0], ...over, [0, 0]]);
    const last = this.#network.layers.length - 1;
    for (const layer of this.#network.layers.slice(0, last)) x = layer.apply(x) as tf.Tensor;
    const logits = this.#network.layers[last].apply(x) as tf.Tensor4D;
    return { look: x as tf.Tensor4D, map: tf.softmax(logits) };
  }
}

/** Means over the cells, weighted by the probability that a digit is there. */
function describe({ look, map }: { look: tf.Tensor4D; map: tf.Tensor4D }) {
  const [count, rows, columns] = map.shape;
  const byDigit = map.slice([0, 0, 0, 0], [-1, -1, -1, digits]);
  const presence = byDigit.sum(-1, true);
  const all = presence.sum([1, 2]);
  // Next to nothing in the middle: where there is no digit, its look is 0 and its place the middle.
  const little = 0.1;
  const mean = (values: tf.Tensor, otherwise: number) =>
    values
      .mul(presence)
      .sum([1, 2])
      .add(little * otherwise)
      .div(all.add(little));
  const along = (n: number) => tf.range(0, n).add(0.5).div(n);
  const y = along(rows).reshape([1, rows, 1, 1]);
  const x = along(columns).reshape([1, 1, columns, 1]);
  return {
    look: mean(look, 0),
    digits: byDigit.sum([1, 2]),
    places: tf.concat([mean(y, 0.5), mean(x, 0.5)], 1).reshape([count, 2]),
  };
}

function setWeights(network: tf.Sequential, bytes: Uint8Array): void {
  const shapes = network.getWeights().map((weight) => weight.shape);
  const sizes = shapes.map(sizeOf);
  const expected = 4 * sizes.reduce((total, n) => total + n, 0);
  if (bytes.length !== expected) {
    throw new MetricsError(
      `the weights of the reader of Moving MNIST are ${expected} bytes, these are ${bytes.length}: take the file that comes with this version`,
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  let at = 0;
  const next = () => view.getFloat32(at++ * 4, true);
  const arrays = sizes.map((length) => Float32Array.from({ length }, next));
  if (!arrays.every((array) => array.every(Number.isFinite))) {
    throw new MetricsError(
      'the weights of the reader of Moving MNIST are damaged: one is not finite; take the file that comes with this version',
    );
  }
  const tensors = arrays.map((array, i) => tf.tensor(array, shapes[i]));
  network.setWeights(tensors);
  tf.dispose(tensors);
}

/** The digits in one frame's map `[rows, columns, 11]`, which is used up. */
function sightings(map: Float32Array, rows: number, columns: number): Sighting[] {
  const seen: Sighting[] = [];
  for (;;) {
    const window = fullestWindow(map, rows, columns);
    if (window.presence < leastPresence) break;
    const ofDigit = new Float64Array(digits);
    let [ySum, xSum] = [0, 0];
    for (const cell of window.cells) {
      const there = map.subarray(cell * outputClasses, cell * outputClasses + digits);
      for (let digit = 0; digit < digits; digit++) {
        ofDigit[digit] += there[digit];
        ySum += there[digit] * Math.floor(cell / columns);
        xSum += there[digit] * (cell % columns);
      }
      there.fill(0);
      map[cell * outputClasses + digits] = 1;
    }
    const digit = ofDigit.indexOf(Math.max(...ofDigit));
    const toPixels = (sum: number) => (sum / window.presence) * cellSize + (cellSize - 1) / 2;
    seen.push({
      digit,
      confidence: Math.min(1, ofDigit[digit]),
      presence: Math.min(1, window.presence),
      y: toPixels(ySum),
      x: toPixels(xSum),
    });
  }
  return seen.sort((a, b) => b.confidence - a.confidence);
}

/** The 3x3 cells that hold the most presence, the middle one counted twice. */
function fullestWindow(map: Float32Array, rows: number, columns: number) {
  const presence = (row: number, column: number) =>
    row < 0 || column < 0 || row >= rows || column >= columns
      ? 0
      : 1 - map[(row * columns + column) * outputClasses + outputClasses - 1];
  let best = { row: 0, column: 0, mass: -1 };
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      let mass = presence(row, column);
      for (let j = -1; j <= 1; j++) {
        for (let i = -1; i <= 1; i++) mass += presence(row + j, column + i);
      }
      if (mass > best.mass) best = { row, column, mass };
    }
  }
  const cells: number[] = [];
  let total = 0;
  for (let row = best.row - 1; row <= best.row + 1; row++) {
    for (let column = best.column - 1; column <= best.column + 1; column++) {
      if (row < 0 || column < 0 || row >= rows || column >= columns) continue;
      cells.push(row * columns + column);
      total += presence(row, column);
    }
  }
  return { cells, presence: total };
}
