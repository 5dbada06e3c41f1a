import { createCritic3d } from '@tgan/critic-3d';
import { halved, createKernelInitializer } from '@tgan/gan-layers';
import { parseOptions, Random } from '@tgan/core';
import * as tf from '@tensorflow/tfjs';
import { AdversarialModel } from '../adversarial-model.js';
import { conv3dGanOptions, type Conv3dGanOptions } from '../models/conv3d.js';
import { initializerOf } from '../models/shared.js';
import type { Mode } from '../video-model.js';
import { deconvolution, normalized } from './deconvolutions.js';

/**
 * The paper's "3D model": a generator of one linear layer and 3-D deconvolutions, that treats time
 * as one more dimension of space, against the critic of the Temporal GAN.
 */
export class Conv3dGan extends AdversarialModel<Required<Conv3dGanOptions>> {
  /** z0 [batch, latentSize] to clips [batch, frames, height, width, channels]. */
  readonly generator: tf.LayersModel;

  /**
   * Makes both networks with fresh weights.
   *
   * @throws OptionsError when an option is out of range or a size does not fit the layers.
   */
  constructor(options: Conv3dGanOptions = {}) {
    const parsed = parseOptions(conv3dGanOptions, options, '3D model');
    const { frames, imageSize, channels, criticWidths, leakyReluAlpha, noise } = parsed;
    const initializer = initializerOf(parsed.initializer);
    const random = new Random(parsed.seed);
    const generator = createConv3dGenerator({ ...parsed, initializer }, new Random(random.seed()));
    const seed = random.seed();
    const sizes = { frames, imageSize, channels, widths: criticWidths };
    super(
      parsed,
      { generator },
      createCritic3d({ ...sizes, leakyReluAlpha, noise, initializer, seed }),
    );
    this.generator = generator;
  }

  /** {@inheritDoc AdversarialModel.generate} */
  generate(z0: tf.Tensor2D, { training = false, labels }: Mode = {}): tf.Tensor5D {
    return tf.tidy(() => {
      const label = this.labelInputs(labels, z0.shape[0]);
      return this.generator.apply([z0, ...label], { training }) as tf.Tensor5D;
    });
  }
}

type GeneratorOptions = Required<Omit<Conv3dGanOptions, 'initializer'>> & {
  initializer: 'he' | 'lecun' | 'uniform';
};

function createConv3dGenerator(options: GeneratorOptions, random: Random): tf.LayersModel {
  const { latentSize, frames, imageSize, channels, generatorWidths, initializer } = options;
  const [first, ...widths] = generatorWidths;
  const doublings = generatorWidths.length;
  const time = halved(frames, doublings) as number;
  const side = halved(imageSize, doublings) as number;

  const z0 = tf.input({ shape: [latentSize], name: 'z0' });
  let h = tf.layers
    .dense({
      name: 'linear',
      units: time * side * side * first,
      useBias: false,
      kernelInitializer: createKernelInitializer(initializer, latentSize, random.seed()),
    })
    .apply(z0) as tf.SymbolicTensor;
  h = tf.layers.reshape({ targetShape: [time, side, side, first] }).apply(h) as tf.SymbolicTensor;
  h = normalized(h, 'bn0');
  const kernelSize = [4, 4, 4];
  widths.forEach((filters, i) => {
    h = deconvolution(h, { name: `deconv${i + 1}`, filters, kernelSize }, initializer, random);
    h = normalized(h, `bn${i + 1}`);
  });
  const last = { name: `deconv${doublings}`, filters: channels, kernelSize, useBias: true };
  h = deconvolution(h, last, initializer, random);
  const clip = tf.layers.activation({ activation: 'tanh', name: 'clip' }).apply(h);
  return tf.model({ inputs: z0, outputs: clip as tf.SymbolicTensor, name: 'conv3dGenerator' });
}
