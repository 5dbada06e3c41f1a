import { Random, sizeOf } from '@tgan/core';
import { BatchNorm, createKernelInitializer, GaussianNoise, halved } from '@tgan/gan-layers';
import * as tf from '@tensorflow/tfjs';
import type * as z from 'zod';
import type { critic3dOptions } from './options.js';

/** The options that all critics share. */
type CriticOptions = Omit<
  z.output<typeof critic3dOptions>,
  'frames' | 'imageSize' | 'channels' | 'widths'
>;

/** What a chain of convolutions sees of an input. */
export interface View {
  /** An input of the critic, [..., channels]. */
  readonly input: tf.SymbolicTensor;
  /** Feature maps of the chain's layers but the last. */
  readonly widths: readonly number[];
  /** Begins the names of the chain's layers. None for the first chain. */
  readonly prefix?: string;
}

/**
 * How a critic sees a label: as further channels of every pixel (the paper's conditional TGAN), or
 * by projection (Miyato and Koyama 2018). In a projection, what is left of the picture before the
 * score is multiplied by weights of the label, and that is added to the score.
 */
export type Conditioning = 'channels' | 'projection';

/**
 * Creates a critic: for each view, convolutions that halve every axis except the channels, and one
 * over the rest. Each view has a score of its own.
 *
 * @param convolution - `tf.layers.conv2d` or `tf.layers.conv3d`.
 */
export function createCritic(
  views: readonly View[],
  options: CriticOptions,
  convolution: typeof tf.layers.conv2d | typeof tf.layers.conv3d,
  conditioning: Conditioning = 'channels',
): tf.LayersModel {
  const { classes, seed } = options;
  const label = classes > 0 ? tf.input({ shape: [classes], name: 'label' }) : undefined;
  const scores = views.map((view, i) => {
    const kernelSeeds = i === 0 ? new Random(seed) : new Random(seed, 2 * i);
    const streams = [kernelSeeds, new Random(seed, 2 * i + 1)] as const;
    return scoreOf(view, label, options, streams, convolution, conditioning);
  });
  const inputs = [...views.map(({ input }) => input), ...(label ? [label] : [])];
  const join = () => tf.layers.concatenate({ name: 'scores' }).apply(scores) as tf.SymbolicTensor;
  const outputs = scores.length > 1 ? join() : scores[0];
  return tf.model({ inputs, outputs, name: 'critic' });
}

/** @param streams - draw the seeds of the kernels and those of the noise. */
function scoreOf(
  { input, widths, prefix = '' }: View,
  label: tf.SymbolicTensor | undefined,
  { leakyReluAlpha, noise, initializer }: CriticOptions,
  [kernelSeeds, noiseSeeds]: readonly [Random, Random],
  convolution: typeof tf.layers.conv2d | typeof tf.layers.conv3d,
  conditioning: Conditioning,
): tf.SymbolicTensor {
  let h = label && conditioning === 'channels' ? withLabel(input, label) : input;
  const apply = (layer: tf.layers.Layer) => (h = layer.apply(h) as tf.SymbolicTensor);
  const convolve = (
    name: string,
    filters: number,
    window: { kernelSize: number[]; strides: number; padding: 'same' | 'valid' },
  ) => {
    const fanIn = sizeOf(window.kernelSize) * h.shape.at(-1)!;
    const kernelInitializer = createKernelInitializer(initializer, fanIn, kernelSeeds.seed());
    apply(convolution({ name: `${prefix}${name}`, filters, kernelInitializer, ...window }));
  };

  const axes = input.shape.slice(1, -1) as number[];
  widths.forEach((filters, layer) => {
    convolve(`conv${layer}`, filters, {
      kernelSize: axes.map(() => 4),
      strides: 2,
      padding: 'same',
    });
    // Batch norm includes the LeakyReLU, in one pass over memory, if there is no noise between
    // them.
    const fused = layer > 0 && noise === 0;
    if (layer > 0) {
      const alpha = fused ? leakyReluAlpha : 1;
      apply(new BatchNorm({ name: `${prefix}bn${layer}`, center: false, leakyReluAlpha: alpha }));
    }
    if (noise > 0) {
      const name = `${prefix}noise${layer}`;
      apply(new GaussianNoise({ name, stddev: noise, seed: noiseSeeds.seed() }));
    }
    if (!fused) apply(tf.layers.leakyReLU({ alpha: leakyReluAlpha }));
  });

  const kernelSize = axes.map((size) => halved(size, widths.length)!);
  const features = h;
  const overTheRest = (convolution: string, filters: number, output: string) => {
    h = features;
    convolve(convolution, filters, { kernelSize, strides: 1, padding: 'valid' });
    return apply(tf.layers.flatten({ name: `${prefix}${output}` }));
  };
  const score = overTheRest(`conv${widths.length}`, 1, 'score');
  if (!label || conditioning === 'channels') return score;
  const ofEach = overTheRest('embedding', label.shape[1] as number, 'each_label');
  const ofLabel = tf.layers.dot({ axes: 1, name: `${prefix}projection` }).apply([ofEach, label]);
  const sum = tf.layers.add({ name: `${prefix}label_score` });
  return sum.apply([score, ofLabel] as tf.SymbolicTensor[]) as tf.SymbolicTensor;
}

/** The input with the label [classes] as further channels of every pixel. */
function withLabel(input: tf.SymbolicTensor, label: tf.SymbolicTensor): tf.SymbolicTensor {
  const shape = input.shape.slice(1) as number[];
  const channels = shape.pop()!;
  const pixels = sizeOf(shape);
  // Three dimensions, because tfjs's WebGPU kernels fail at rank 5.
  const rows = tf.layers.reshape({ targetShape: [pixels, channels] }).apply(input);
  const labels = tf.layers.repeatVector({ n: pixels }).apply(label);
  const joined = tf.layers.concatenate().apply([rows, labels] as tf.SymbolicTensor[]);
  const targetShape = [...shape, channels + (label.shape[1] as number)];
  return tf.layers.reshape({ targetShape }).apply(joined) as tf.SymbolicTensor;
}
