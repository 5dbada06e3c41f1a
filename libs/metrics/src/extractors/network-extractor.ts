import * as tf from '@tensorflow/tfjs';
import { parseOptions, type OptionsShape } from '@tgan/core';
import * as z from 'zod';
import { MetricsError } from '../errors.js';
import type { Extracted, FeatureExtractor } from '../extractor.js';
import { sha256 } from '../sha256.js';
import { describeFitting, fitClips, fittingOptions, type FittingOptions } from './fit-clips.js';

/**
 * The largest number of features: a covariance of 8192 takes half a gigabyte, and the scores take
 * several.
 */
const MOST_FEATURES = 8192;

/** Options of extractors that are networks of the user's own. */
export interface ExtractorOptions extends FittingOptions {
  /** Output to take as features. Default: the first. */
  readonly features?: string;
  /** Averages features over all axes but the channels. Default false. */
  readonly pool?: boolean;
  /** Output to take as a classifier's probabilities. Default: none. */
  readonly probabilities?: string;
  /** Whether that output holds logits. Default false. */
  readonly softmax?: boolean;
}

/** The schema of {@link ExtractorOptions}. */
export const extractorOptions = z.strictObject({
  ...fittingOptions.shape,
  features: z.string().optional().describe('output to take as features; the first if left out'),
  pool: z.boolean().default(false).describe('average features over all axes but the channels'),
  probabilities: z.string().optional().describe("output to take as a classifier's probabilities"),
  softmax: z.boolean().default(false).describe('that output holds logits'),
} satisfies OptionsShape<ExtractorOptions>);

/** An output of a network. */
export interface NetworkOutput {
  /** All values, row by row. */
  readonly data: Float32Array;
  /** The first axis is the batch. */
  readonly shape: readonly number[];
}

/** A network in whatever runtime. */
export interface Network {
  /** A short name for messages, such as the file's. */
  readonly name: string;
  /** SHA-256 of topology and weights. */
  readonly fingerprint: string;
  /** The shape that it takes, batch first; null where an axis may have any length. */
  readonly inputShape: readonly (number | null)[];
  /**
   * Runs it on a batch of clips.
   *
   * @param names - the outputs that are wanted; undefined: the first. `input` stays the caller's.
   */
  run(input: tf.Tensor5D, names: readonly (string | undefined)[]): Promise<NetworkOutput[]>;
  /** Frees it. */
  dispose(): void;
}

/**
 * Makes an extractor out of a network. Runs it once, on a blank clip, to see what comes out.
 *
 * @throws MetricsError when the network takes no clips, does not say which, or has no such output;
 * it is disposed of then. OptionsError when options are wrong.
 */
export async function networkExtractor(
  network: Network,
  input: ExtractorOptions = {},
): Promise<FeatureExtractor> {
  try {
    return await new NetworkExtractor(network, input).tried();
  } catch (error) {
    network.dispose();
    throw error;
  }
}

class NetworkExtractor implements FeatureExtractor {
  readonly name: string;
  readonly fingerprint: string;
  resize = '';
  featureSize = 0;
  classes = 0;
  readonly #network: Network;
  readonly #options: z.output<typeof extractorOptions>;

  constructor(network: Network, input: ExtractorOptions) {
    this.name = network.name;
    this.fingerprint = network.fingerprint;
    this.#network = network;
    this.#options = parseOptions(extractorOptions, input, network.name);
  }

  async tried(): Promise<this> {
    const { features, pool, probabilities, softmax, mean } = this.#options;
    const blank = tf.zeros(this.#blankShape()) as tf.Tensor5D;
    try {
      const found = await this.#run(blank);
      this.featureSize = found.features.length;
      this.classes = found.probabilities?.length ?? 0;
    } finally {
      blank.dispose();
    }
    if (this.featureSize > MOST_FEATURES) {
      throw new MetricsError(
        `${this.name}: ${this.featureSize} features are more than ${MOST_FEATURES}: take a later output, or pool: true`,
      );
    }
    const ofMean =
      mean && (await sha256(new Uint8Array(Float32Array.from(mean).buffer))).slice(0, 12);
    const outputs = [
      `features of ${features ?? 'the first output'}${pool ? ', pooled' : ''}`,
      probabilities && `probabilities of ${probabilities}${softmax ? ' by softmax' : ''}`,
    ];
    const fitting = describeFitting(this.#options, ofMean);
    this.resize = [fitting, ...outputs.filter(Boolean)].join('; ');
    return this;
  }

  async extract(clips: tf.Tensor5D): Promise<Extracted> {
    const fitted = fitClips(clips, this.#options);
    try {
      this.#checkShape(fitted.shape);
      if (this.#network.inputShape[0] !== 1) return await this.#run(fitted);
      return joined(await this.#oneByOne(fitted));
    } finally {
      fitted.dispose();
    }
  }

  dispose(): void {
    this.#network.dispose();
  }

  async #oneByOne(fitted: tf.Tensor5D): Promise<Extracted[]> {
    const found: Extracted[] = [];
    const [batch, ...rest] = fitted.shape;
    for (let i = 0; i < batch; i++) {
      const clip = tf.tidy(() =>
        fitted
          .reshape([batch, -1])
          .slice([i, 0], [1, -1])
          .reshape<tf.Tensor5D>([1, ...rest]),
      );
      found.push(await this.#run(clip).finally(() => clip.dispose()));
    }
    return found;
  }

  async #run(fitted: tf.Tensor5D): Promise<Extracted> {
    const { features, probabilities, pool, softmax, layout } = this.#options;
    const names = probabilities === undefined ? [features] : [features, probabilities];
    const [first, second] = await this.#network.run(fitted, names);
    const batch = fitted.shape[0];
    for (const { shape } of second ? [first, second] : [first]) {
      if (shape[0] !== batch) {
        throw new MetricsError(
          `${this.name}: an output is [${shape.join(', ')}], its first axis is not the batch of ${batch}`,
        );
      }
    }
    const channelsLast = layout === 'BTHWC';
    return {
      features: pool ? pooled(first, channelsLast) : first.data,
      probabilities: second && (softmax ? softmaxed(second.data, batch) : second.data),
    };
  }

  /** The shape of a clip that the network can be tried on, in the order of its axes. */
  #blankShape(): [number, number, number, number, number] {
    const { inputShape } = this.#network;
    const { layout, frames, channels, size, crop } = this.#options;
    if (inputShape.length !== 5) {
      throw new MetricsError(
        `${this.name} takes [${shown(inputShape)}], not clips of 5 axes (${layout})`,
      );
    }
    if (inputShape[0] !== null && inputShape[0] !== 1) {
      throw new MetricsError(`${this.name}: a fixed batch of ${inputShape[0]} is not supported`);
    }
    const [height, width] = crop ?? size ?? [];
    const wanted: Record<string, [string, number | undefined]> = {
      B: ['batch', 1],
      T: ['frames', frames],
      H: ['size', height],
      W: ['size', width],
      C: ['channels', channels && (channels === 'gray' ? 1 : 3)],
    };
    const shape = [...layout].map((axis, i) => {
      const [option, length] = wanted[axis];
      const known = inputShape[i] ?? length;
      if (known === undefined) {
        throw new MetricsError(
          `${this.name} takes [${shown(inputShape)}] (${layout}): say ${option}`,
        );
      }
      return known;
    });
    this.#checkShape(shape.map((length, i) => (i > 0 ? (wanted[layout[i]][1] ?? length) : length)));
    return shape as [number, number, number, number, number];
  }

  #checkShape(shape: readonly number[]): void {
    const { inputShape } = this.#network;
    const fits = inputShape.every((length, i) => i === 0 || (length ?? shape[i]) === shape[i]);
    if (fits) return;
    throw new MetricsError(
      `${this.name} takes [${shown(inputShape)}] (${this.#options.layout}), clips are [${shape.join(', ')}]: ` +
        'set frames, channels, size, crop or layout to fit them',
    );
  }
}

function shown(shape: readonly (number | null)[]): string {
  return shape.map((length) => length ?? '?').join(', ');
}

/** The mean over all axes but batch and channels. */
function pooled({ data, shape }: NetworkOutput, channelsLast: boolean): Float32Array {
  const [batch] = shape;
  const channels = shape[channelsLast ? shape.length - 1 : 1];
  const places = data.length / batch / channels;
  const means = new Float32Array(batch * channels);
  for (let i = 0; i < data.length; i++) {
    const [clip, inClip] = [Math.floor(i / (places * channels)), i % (places * channels)];
    const channel = channelsLast ? inClip % channels : Math.floor(inClip / places);
    means[clip * channels + channel] += data[i] / places;
  }
  return means;
}

function softmaxed(logits: Float32Array, batch: number): Float32Array {
  const classes = logits.length / batch;
  const probabilities = new Float32Array(logits.length);
  for (let start = 0; start < logits.length; start += classes) {
    const row = logits.subarray(start, start + classes);
    const largest = row.reduce((most, x) => Math.max(most, x), -Infinity);
    const powers = Float64Array.from(row, (x) => Math.exp(x - largest));
    const sum = powers.reduce((total, x) => total + x, 0);
    powers.forEach((power, c) => (probabilities[start + c] = power / sum));
  }
  return probabilities;
}

function joined(parts: readonly Extracted[]): Extracted {
  const join = (arrays: readonly Float32Array[]) => {
    const [{ length }] = arrays;
    const all = new Float32Array(arrays.length * length);
    arrays.forEach((array, i) => all.set(array, i * length));
    return all;
  };
  const probabilities = parts.flatMap((part) => part.probabilities ?? []);
  return {
    features: join(parts.map(({ features }) => features)),
    probabilities: probabilities.length > 0 ? join(probabilities) : undefined,
  };
}
