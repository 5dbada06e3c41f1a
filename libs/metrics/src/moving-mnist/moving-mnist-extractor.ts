import * as tf from '@tensorflow/tfjs';
import { MetricsError } from '../errors.js';
import type { Extracted, FeatureExtractor } from '../extractor.js';
import { sha256 } from '../sha256.js';
import { describedIn } from './network.js';
import { MovingMnistReader, type FrameDescriptions } from './reader.js';

/** Changes with the meaning of the features, so that scores of unlike ones are not compared. */
const version = 'moving-mnist-extractor 1';

const classes = 10;

/** Real digits move by this part of their range in a frame. */
const step = 0.1;

const digitSize = 28;

/**
 * Names the features that follow the digits' look. Their scales let no single one outweigh the
 * look.
 */
const others = [
  'presence',
  'y',
  'x',
  'yReach',
  'xReach',
  'ySpeed',
  'xSpeed',
  'turns',
  'morphing',
  'flicker',
  'grain',
];

/**
 * Features of clips of Moving MNIST, for the Frechet and kernel distances and the Inception score:
 * what the digits look like, by the network of {@link MovingMnistReader}, and how they move and
 * change.
 *
 * The first 64 are the mean over the frames of the network's last hidden layer, where it sees
 * digits. Eleven follow: how much there is of any digit, the mean place, how far the places reach,
 * mean speed along both axes, mean change of velocity, how much the digit and its look change from
 * frame to frame, and how much neighboring pixels differ, which tells noise from blur. The
 * probabilities are the mean over the frames; a frame without a digit is as likely each of the ten.
 */
export class MovingMnistExtractor implements FeatureExtractor {
  readonly name = 'moving-mnist-reader';
  readonly featureSize = describedIn + others.length;
  readonly classes = classes;
  readonly resize = 'none: frames of any size, digits of 28x28';
  readonly fingerprint: string;
  readonly #reader: MovingMnistReader;

  private constructor(reader: MovingMnistReader, fingerprint: string) {
    this.#reader = reader;
    this.fingerprint = fingerprint;
  }

  /**
   * @param weights - as {@link MovingMnistReader} takes them.
   * @throws as its constructor does.
   */
  static async create(weights: Uint8Array): Promise<MovingMnistExtractor> {
    const reader = new MovingMnistReader(weights);
    const fingerprint = await sha256(weights, new TextEncoder().encode(version));
    return new MovingMnistExtractor(reader, fingerprint);
  }

  /**
   * @param clips - `[batch, time, height, width, 1]` in [-1, 1], two frames or more. Stays the
   * caller's.
   * @throws MetricsError when the clips have more than one channel, or fewer than two frames.
   */
  async extract(clips: tf.Tensor5D): Promise<Extracted> {
    const [batch, time, height, width, channels] = clips.shape;
    if (time < 2) throw new MetricsError(`motion takes 2 frames or more: [${clips.shape}]`);
    const frames = clips.reshape([batch * time, height, width, channels]) as tf.Tensor4D;
    const features = new Float32Array(batch * this.featureSize);
    const probabilities = new Float32Array(batch * classes);
    try {
      const described = await this.#reader.describeFrames(frames);
      const grain = await grainOf(frames);
      for (let i = 0; i < batch; i++) {
        const rows = rowsOf(described, i * time, time);
        const row = features.subarray(i * this.featureSize, (i + 1) * this.featureSize);
        for (const { look } of rows) look.forEach((value, k) => (row[k] += value / time));
        row.set(motionOf(rows, height, width), describedIn);
        row[this.featureSize - 1] = 50 * mean([...grain.subarray(i * time, (i + 1) * time)]);
        const ofClip = probabilities.subarray(i * classes, (i + 1) * classes);
        for (const { digits } of rows) {
          digits.forEach((part, digit) => (ofClip[digit] += part / time));
        }
      }
    } finally {
      frames.dispose();
    }
    return { features, probabilities };
  }

  /** Frees the network. */
  dispose(): void {
    this.#reader.dispose();
  }
}

/** Of each frame the mean difference of pixels side by side, in parts of the range. */
async function grainOf(frames: tf.Tensor4D): Promise<Float32Array> {
  const grain = tf.tidy(() => {
    const [count, height, width] = frames.shape;
    const [left, right] = [0, 1].map((x) =>
      frames.slice([0, 0, x, 0], [count, height, width - 1, -1]),
    );
    return right.sub(left).abs().mean([1, 2, 3]).div(2);
  });
  const data = (await grain.data()) as Float32Array;
  grain.dispose();
  return data;
}

interface FrameRow {
  readonly look: Float32Array;
  /** Sums to 1. */
  readonly digits: Float32Array;
  /** How much there is of any digit; about 1 of one. */
  readonly presence: number;
  readonly y: number;
  readonly x: number;
}

function rowsOf({ look, digits, places }: FrameDescriptions, first: number, time: number) {
  return Array.from({ length: time }, (_, t): FrameRow => {
    const at = first + t;
    const parts = digits.subarray(at * classes, (at + 1) * classes);
    return {
      look: look.subarray(at * describedIn, (at + 1) * describedIn),
      digits: distribution(parts),
      presence: parts.reduce((sum, part) => sum + part, 0),
      y: places[2 * at],
      x: places[2 * at + 1],
    };
  });
}

/**
 * Of one digit or more, the share of each; what is missing to one digit is shared out among all.
 */
function distribution(parts: Float32Array): Float32Array {
  const total = parts.reduce((sum, part) => sum + part, 0);
  const rest = Math.max(0, 1 - total) / classes;
  return parts.map((part) => part / Math.max(1, total) + rest);
}

function motionOf(rows: readonly FrameRow[], height: number, width: number): number[] {
  const range = (side: number) => side / Math.max(1, side - digitSize);
  const axes = [
    rows.map(({ y }) => (y - 0.5) * range(height)),
    rows.map(({ x }) => (x - 0.5) * range(width)),
  ];
  const reach = (at: readonly number[]) => Math.max(...at) - Math.min(...at);
  const speeds = axes.map((at) => differences(at));
  const turns = speeds.flatMap((speed) => differences(speed));
  const change = (of: (row: FrameRow) => Float32Array) =>
    mean(rows.slice(1).map((row, t) => meanDistance(of(row), of(rows[t]))));
  return [
    6 * mean(rows.map(({ presence }) => presence)),
    2.5 * mean(axes[0]),
    2.5 * mean(axes[1]),
    1.8 * reach(axes[0]),
    1.8 * reach(axes[1]),
    mean(speeds[0].map(Math.abs)) / (0.85 * step),
    mean(speeds[1].map(Math.abs)) / (0.85 * step),
    mean(turns.map(Math.abs)) / (1.4 * step),
    40 * classes * change(({ digits }) => digits),
    2.5 * change(({ look }) => look),
  ];
}

const differences = (at: readonly number[]) => at.slice(1).map((value, i) => value - at[i]);

const meanDistance = (a: Float32Array, b: Float32Array) =>
  a.reduce((sum, value, i) => sum + Math.abs(value - b[i]), 0) / a.length;

const mean = (numbers: readonly number[]) =>
  numbers.length ? numbers.reduce((sum, x) => sum + x, 0) / numbers.length : 0;
