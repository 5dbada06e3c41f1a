import { parseOptions, Random } from '@tgan/core';
import { BatchNorm, createKernelInitializer, GaussianNoise, halved } from '@tgan/gan-layers';
import * as tf from '@tensorflow/tfjs';
import {
  glimpseChannels,
  glimpseCriticOptions,
  type GlimpseCriticOptions,
} from './glimpse-critic-options.js';

/**
 * A critic of glimpses: of a few frames of a clip, stacked by channel, with two planes that say how
 * far apart the frames are and when the first one is.
 *
 * 2-D convolutions of 4x4 and stride 2 halve height and width; a last convolution over all that is
 * left gives the score. Batch norm without shift follows every convolution but the first and the
 * last, LeakyReLU every one but the last. With `classes`, the label stands at every pixel as
 * further channels.
 *
 * It costs a fraction of a 3-D critic, because the generator draws no other frames while it trains.
 * Critics of a few frames are in DIGAN (Yu et al. 2022) and StyleGAN-V (Skorokhodov et al. 2022).
 *
 * @returns a model from glimpses [batch, height, width, frames * channels + 2], and with `classes`
 * also the one-hot label [batch, classes], to scores [batch, 1].
 * @throws OptionsError when an option is out of range or `imageSize` does not fit the layers.
 */
export function createGlimpseCritic(options: GlimpseCriticOptions = {}): tf.LayersModel {
  const parsed = parseOptions(glimpseCriticOptions, options, 'glimpse critic');
  const { imageSize, widths, leakyReluAlpha, noise, classes, initializer, seed } = parsed;
  const random = new Random(seed);
  const noiseSeeds = new Random(seed, 1);
  const convolution = (
    layer: number,
    filters: number,
    inputs: number,
    window: { kernelSize: number; strides: number; padding: 'same' | 'valid' },
  ) =>
    tf.layers.conv2d({
      name: `conv${layer}`,
      filters,
      kernelInitializer: createKernelInitializer(
        initializer,
        inputs * window.kernelSize ** 2,
        random.seed(),
      ),
      ...window,
    });

  let maps = glimpseChannels(parsed);
  const glimpse = tf.input({ shape: [imageSize, imageSize, maps], name: 'glimpse' });
  const inputs = [glimpse];
  let h = glimpse;
  if (classes > 0) {
    const label = tf.input({ shape: [classes], name: 'label' });
    inputs.push(label);
    h = withLabel(glimpse, label);
    maps += classes;
  }
  widths.forEach((filters, layer) => {
    const window = { kernelSize: 4, strides: 2, padding: 'same' } as const;
    h = convolution(layer, filters, maps, window).apply(h) as tf.SymbolicTensor;
    // LeakyReLU comes with batch norm, in one pass over memory, where nothing stands between them.
    const fused = layer > 0 && noise === 0;
    if (layer > 0) {
      const slope = fused ? leakyReluAlpha : 1;
      h = new BatchNorm({ name: `bn${layer}`, center: false, slope }).apply(h) as tf.SymbolicTensor;
    }
    if (noise > 0) {
      const layerSeed = noiseSeeds.seed();
      h = new GaussianNoise({ name: `noise${layer}`, stddev: noise, seed: layerSeed }).apply(
        h,
      ) as tf.SymbolicTensor;
    }
    if (!fused) h = tf.layers.leakyReLU({ alpha: leakyReluAlpha }).apply(h) as tf.SymbolicTensor;
    maps = filters;
  });

  const side = halved(imageSize, widths.length) as number;
  const window = { kernelSize: side, strides: 1, padding: 'valid' } as const;
  h = convolution(widths.length, 1, maps, window).apply(h) as tf.SymbolicTensor;
  const score = tf.layers.flatten({ name: 'score' }).apply(h) as tf.SymbolicTensor;
  return tf.model({ inputs, outputs: score, name: 'critic' });
}

/** The glimpse with the label [classes] as further channels of every pixel. */
function withLabel(glimpse: tf.SymbolicTensor, label: tf.SymbolicTensor): tf.SymbolicTensor {
  const [, height, width] = glimpse.shape as number[];
  const labels = tf.layers
    .reshape({ targetShape: [height, width, label.shape[1] as number] })
    .apply(tf.layers.repeatVector({ n: height * width }).apply(label)) as tf.SymbolicTensor;
  return tf.layers.concatenate().apply([glimpse, labels]) as tf.SymbolicTensor;
}
