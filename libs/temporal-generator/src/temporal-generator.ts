import { BatchNorm, createKernelInitializer, halved, PolynomialPath } from '@tgan/gan-layers';
import { parseOptions, Random } from '@tgan/core';
import * as tf from '@tensorflow/tfjs';
import type * as z from 'zod';
import { temporalGeneratorOptions, type TemporalGeneratorOptions } from './options.js';

/**
 * The temporal generator G0, which maps the latent of a video to a latent for each of its frames
 * (paper, section 3.2).
 *
 * A chain of 1-D deconvolutions: the first spreads z0 over `frames / 2^widths.length` moments (one,
 * in the paper), each later one doubles time. Batch norm and ReLU between, tanh at the end. With
 * `classes`, the first one also takes the label: [z0, label] (paper, conditional TGAN).
 *
 * With `terms` it is not the paper's: dense layers make the coefficients of a polynomial in time
 * for each number of z1, see `PolynomialPath` of @tgan/gan-layers.
 *
 * @returns a model from z0 [batch, latentSize], and with `classes` also the one-hot label [batch,
 * classes], to the latents [batch, frames, frameLatentSize], each in [-1, 1].
 * @throws OptionsError when an option is out of range or `frames` does not fit the layers.
 */
export function createTemporalGenerator(options: TemporalGeneratorOptions = {}): tf.LayersModel {
  const parsed = parseOptions(temporalGeneratorOptions, options, 'temporal generator');
  const { latentSize, frameLatentSize = latentSize, classes, terms } = parsed;
  const inputs = [tf.input({ shape: [latentSize], name: 'z0' })];
  if (classes > 0) inputs.push(tf.input({ shape: [classes], name: 'label' }));
  const [z0] = inputs;
  const latent = classes > 0 ? (tf.layers.concatenate().apply(inputs) as tf.SymbolicTensor) : z0;
  const sizes = { ...parsed, frameLatentSize };
  const outputs = terms > 0 ? polynomials(latent, sizes) : deconvolutions(latent, sizes);
  return tf.model({ inputs, outputs, name: 'temporalGenerator' });
}

type Sizes = z.output<typeof temporalGeneratorOptions> & { readonly frameLatentSize: number };

function deconvolutions(
  latent: tf.SymbolicTensor,
  { frameLatentSize, frames, widths, batchNormBeta, initializer, seed }: Sizes,
): tf.SymbolicTensor {
  const random = new Random(seed);
  const moments = halved(frames, widths.length) as number;
  // tfjs has no 1-D deconvolution: time is the width of an image one pixel high.
  let h = tf.layers
    .reshape({ targetShape: [1, 1, latent.shape[1] as number] })
    .apply(latent) as tf.SymbolicTensor;

  [...widths, frameLatentSize].forEach((filters, layer) => {
    const [taps, stride] = layer === 0 ? [moments, 1] : [4, 2];
    h = tf.layers
      .conv2dTranspose({
        name: `deconv${layer}`,
        filters,
        kernelSize: [1, taps],
        strides: [1, stride],
        padding: layer === 0 ? 'valid' : 'same',
        kernelInitializer: createKernelInitializer(initializer, filters * taps, random.seed()),
      })
      .apply(h) as tf.SymbolicTensor;
    if (layer < widths.length) h = normalized(h, layer, batchNormBeta);
  });

  h = tf.layers.reshape({ targetShape: [frames, frameLatentSize] }).apply(h) as tf.SymbolicTensor;
  return tf.layers.activation({ activation: 'tanh', name: 'z1' }).apply(h) as tf.SymbolicTensor;
}

function polynomials(
  latent: tf.SymbolicTensor,
  { frameLatentSize, frames, terms, widths, batchNormBeta, initializer, seed }: Sizes,
): tf.SymbolicTensor {
  const random = new Random(seed);
  let h = latent;
  [...widths, terms * frameLatentSize].forEach((units, layer) => {
    const fanIn = h.shape[1] as number;
    const kernelInitializer = createKernelInitializer(initializer, fanIn, random.seed());
    h = tf.layers
      .dense({ name: `linear${layer}`, units, kernelInitializer })
      .apply(h) as tf.SymbolicTensor;
    if (layer < widths.length) h = normalized(h, layer, batchNormBeta);
  });
  const targetShape = [terms, frameLatentSize];
  const coefficients = tf.layers.reshape({ targetShape }).apply(h) as tf.SymbolicTensor;
  return new PolynomialPath({ name: 'z1', frames }).apply(coefficients) as tf.SymbolicTensor;
}

/** Batch norm and ReLU, which is a LeakyReLU of alpha 0. */
function normalized(h: tf.SymbolicTensor, layer: number, center: boolean): tf.SymbolicTensor {
  const batchNorm = new BatchNorm({ name: `bn${layer}`, center, leakyReluAlpha: 0 });
  return batchNorm.apply(h) as tf.SymbolicTensor;
}
