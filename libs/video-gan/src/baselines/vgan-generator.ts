import { halved, type InitializerName } from '@tgan/gan-layers';
import type { Random } from '@tgan/core';
import * as tf from '@tensorflow/tfjs';
import type { VganOptions } from '../options.js';
import { deconvolution, normalized } from './deconvolutions.js';

/**
 * The generator of VGAN: two chains of deconvolutions from z0.
 *
 * @returns a model from z0 [batch, latentSize] to the foreground [batch, frames, height, width,
 * channels] and the background [batch, height, width, channels], both in (-1, 1), with the mask
 * [batch, frames, height, width, 1] in (0, 1) between them.
 */
export function createVganGenerator(
  options: Required<Omit<VganOptions, 'initializer'>> & { readonly initializer: InitializerName },
  random: Random,
): tf.LayersModel {
  const { latentSize, frames, imageSize, channels, generatorWidths, initializer } = options;
  const doublings = generatorWidths.length;
  const time = halved(frames, doublings) as number;
  const side = halved(imageSize, doublings) as number;
  const z0 = tf.input({ shape: [latentSize], name: 'z0' });

  /**
   * All layers of a stream but its last, from a single point; `kernel` of each, `first` of the
   * first.
   */
  const stream = (prefix: string, first: number[], kernel: number[]) => {
    const targetShape = [...first.map(() => 1), latentSize];
    let h = tf.layers.reshape({ targetShape }).apply(z0) as tf.SymbolicTensor;
    generatorWidths.forEach((filters, layer) => {
      const shape = layer === 0 ? { kernelSize: first, strides: 1 } : { kernelSize: kernel };
      const name = `${prefix}_deconv${layer}`;
      h = deconvolution(h, { name, filters, ...shape }, initializer, random);
      h = normalized(h, `${prefix}_bn${layer}`);
    });
    return h;
  };
  const head = (
    h: tf.SymbolicTensor,
    name: string,
    kernelSize: number[],
    filters: number,
    activation: 'tanh' | 'sigmoid',
  ) => {
    const last = { name: `${name}_deconv`, filters, kernelSize, useBias: true };
    const x = deconvolution(h, last, initializer, random);
    return tf.layers.activation({ activation, name }).apply(x) as tf.SymbolicTensor;
  };

  const moving = stream('moving', [time, side, side], [4, 4, 4]);
  const foreground = head(moving, 'foreground', [4, 4, 4], channels, 'tanh');
  const mask = head(moving, 'mask', [4, 4, 4], 1, 'sigmoid');
  const still = stream('still', [side, side], [4, 4]);
  const background = head(still, 'background', [4, 4], channels, 'tanh');
  return tf.model({ inputs: z0, outputs: [foreground, mask, background], name: 'vganGenerator' });
}
