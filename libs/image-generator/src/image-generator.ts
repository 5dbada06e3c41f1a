import { BatchNorm, halved, createKernelInitializer } from '@tgan/gan-layers';
import { parseOptions, Random } from '@tgan/core';
import * as tf from '@tensorflow/tfjs';
import { imageDoublings, imageGeneratorOptions, type ImageGeneratorOptions } from './options.js';

/**
 * The image generator G1, which maps the latents of a video and of one of its frames to that frame
 * (paper, section 3.2).
 *
 * Each latent goes through its own linear layer to a small image; the two are joined by channel and
 * doubled in size by 2-D deconvolutions. Batch norm and ReLU between, tanh at the end. Layers
 * followed by batch norm have no bias. With `classes`, the label has its own linear layer too
 * (paper, conditional TGAN). Without `seesZ0` or `seesZ1`, the linear layer of the other latent
 * fills the whole small image, so the number of parameters stays the same.
 *
 * @returns a model from z0 [frames, latentSize] (unless `seesZ0` is false), z1 [frames,
 * frameLatentSize] (unless `seesZ1` is false) and, with `classes`, the one-hot label [frames,
 * classes], to [frames, height, width, channels] in (-1, 1). `frames` are those of all videos in a
 * batch: z0 and the label are repeated for each frame of a video.
 * @throws OptionsError when an option is out of range or `imageSize` does not fit the layers.
 */
export function createImageGenerator(options: ImageGeneratorOptions = {}): tf.LayersModel {
  const {
    latentSize,
    frameLatentSize = latentSize,
    imageSize,
    channels,
    widths,
    batchNormBeta,
    seesZ0,
    seesZ1,
    finalConvolution,
    classes,
    initializer,
    seed,
  } = parseOptions(imageGeneratorOptions, options, 'image generator');
  const random = new Random(seed);
  const [joined, ...doublings] = widths;
  const side = halved(imageSize, imageDoublings({ widths, finalConvolution })) as number;

  const normalized = (x: tf.SymbolicTensor, name: string) =>
    new BatchNorm({ name, center: batchNormBeta, leakyReluAlpha: 0 }).apply(x) as tf.SymbolicTensor;
  const inputs: tf.SymbolicTensor[] = [];
  const smallImage = (name: string, size: number, filters: number) => {
    const vector = tf.input({ shape: [size], name });
    inputs.push(vector);
    const units = side * side * filters;
    const kernelInitializer = createKernelInitializer(initializer, size, random.seed());
    const h = tf.layers
      .dense({ name: `linear_${name}`, units, useBias: false, kernelInitializer })
      .apply(vector) as tf.SymbolicTensor;
    return tf.layers
      .reshape({ targetShape: [side, side, filters] })
      .apply(normalized(h, `bn_${name}`)) as tf.SymbolicTensor;
  };
  const deconvolution = (
    filters: number,
    layer: number,
    args: { kernelSize: number; strides: number; useBias: boolean },
  ) =>
    tf.layers.conv2dTranspose({
      name: `deconv${layer}`,
      filters,
      padding: 'same',
      kernelInitializer: createKernelInitializer(
        initializer,
        filters * args.kernelSize ** 2,
        random.seed(),
      ),
      ...args,
    });

  const latents = [...(seesZ0 ? ['z0'] : []), ...(seesZ1 ? ['z1'] : [])];
  const small = latents.map((name) => {
    const size = name === 'z0' ? latentSize : frameLatentSize;
    return smallImage(name, size, joined / latents.length);
  });
  if (classes > 0) small.push(smallImage('label', classes, joined / 2));
  let h = small[0];
  if (small.length > 1) h = tf.layers.concatenate().apply(small) as tf.SymbolicTensor;

  doublings.forEach((filters, i) => {
    h = deconvolution(filters, i + 1, { kernelSize: 4, strides: 2, useBias: false }).apply(
      h,
    ) as tf.SymbolicTensor;
    h = normalized(h, `bn${i + 1}`);
  });
  const last = finalConvolution ? { kernelSize: 3, strides: 1 } : { kernelSize: 4, strides: 2 };
  h = deconvolution(channels, widths.length, { ...last, useBias: true }).apply(
    h,
  ) as tf.SymbolicTensor;
  const frame = tf.layers.activation({ activation: 'tanh', name: 'frame' }).apply(h);
  return tf.model({
    inputs,
    outputs: frame as tf.SymbolicTensor,
    name: 'imageGenerator',
  });
}
