import * as tf from '@tensorflow/tfjs';

/** An array of a Chainer snapshot. */
export interface ChainerArray {
  readonly shape: readonly number[];
  /** Its elements in row-major order. */
  readonly data: ArrayLike<number>;
}

/** The arrays of one network's snapshot, by names such as `bn0/gamma`. */
export type ChainerArrays = ReadonlyMap<string, ChainerArray>;

/** A weight of a network and the value that a snapshot has for it. */
export interface ChainerWeight {
  readonly variable: tf.LayerVariable;
  /** The name of the array in the snapshot, such as `c1/W`. */
  readonly source: string;
  /** The value in the layout and shape of `variable`. The caller disposes it. */
  readonly value: tf.Tensor;
}

/**
 * The original code's names of the layers right after the latents: s is slow (z0), f is fast (z1).
 * These layers fill their small images channel by channel, ours pixel by pixel.
 */
const latentLinks: Record<string, string> = {
  linear_z0: 'l0s',
  bn_z0: 'bn0s',
  linear_z1: 'l0f',
  bn_z1: 'bn0f',
};

/** The original code's name of a layer: `deconv0` is `dc0`, `conv3` is `c3`, `bn1` is `bn1`. */
const linkName = (layer: string) =>
  latentLinks[layer] ?? layer.replace(/^deconv/, 'dc').replace(/^conv/, 'c');

/** Chainer's names of the weights that tfjs calls kernel, bias, ... */
const parameterNames: Record<string, string> = {
  kernel: 'W',
  bias: 'b',
  gamma: 'gamma',
  beta: 'beta',
  moving_mean: 'avg_mean',
  moving_variance: 'avg_var',
};

/**
 * Pairs every weight of a network with its value in a snapshot of the original code.
 *
 * Chainer's kernels are (out, in, kernel...) or, in deconvolutions, (in, out, kernel...). They
 * become tfjs's [kernel..., in, out] or [kernel..., out, in]. Missing kernel axes are added with
 * size 1.
 *
 * @param network - a temporal generator, image generator or critic; or any network whose layers
 * have names such as `conv0`, `deconv0` and `bn0`.
 * @param arrays - the network's snapshot. Arrays without a weight are ignored.
 * @throws Error when a weight has no array or one of another size. The message names both.
 */
export function chainerWeights(network: tf.LayersModel, arrays: ChainerArrays): ChainerWeight[] {
  return network.layers.flatMap((layer) =>
    layer.weights.map((variable) => {
      const weight = variable.originalName.slice(variable.originalName.lastIndexOf('/') + 1);
      const source = `${linkName(layer.name)}/${parameterNames[weight]}`;
      const array = arrays.get(source);
      if (!array) throw new Error(`the snapshot has no ${source} for ${layer.name}'s ${weight}`);
      const size = tf.util.sizeFromShape([...array.shape]);
      if (size !== tf.util.sizeFromShape(variable.shape as number[])) {
        throw new Error(
          `${source} is (${array.shape.join(', ')}) in the snapshot, ` +
            `but ${layer.name}'s ${weight} is [${variable.shape.join(', ')}] here`,
        );
      }
      const ordered = layer.name in latentLinks ? pixelsFirst(array, joinedWidth(network)) : array;
      return { variable, source, value: inLayoutOf(variable, ordered) };
    }),
  );
}

/** Assigns values to the weights that they are paired with, and disposes the values. */
export function assignWeights(weights: readonly ChainerWeight[]): void {
  for (const { variable, value } of weights) {
    variable.write(value);
    value.dispose();
  }
}

/** The channels of the small image that each latent of an image generator is made into. */
function joinedWidth(imageGenerator: tf.LayersModel): number {
  const [kernel] = imageGenerator.getLayer('deconv1').weights;
  return (kernel.shape[3] as number) / 2;
}

/** Reorders axis 0 from (channel, pixel) to (pixel, channel). */
function pixelsFirst({ shape, data }: ChainerArray, channels: number): ChainerArray {
  const pixels = shape[0] / channels;
  const row = data.length / shape[0];
  const moved = new Float32Array(data.length);
  for (let c = 0; c < channels; c++) {
    for (let p = 0; p < pixels; p++) {
      for (let i = 0; i < row; i++) {
        moved[(p * channels + c) * row + i] = data[(c * pixels + p) * row + i];
      }
    }
  }
  return { shape, data: moved };
}

function inLayoutOf(variable: tf.LayerVariable, { shape, data }: ChainerArray): tf.Tensor {
  return tf.tidy(() => {
    const array = tf.tensor(Float32Array.from(data), [...shape]);
    const kernelAxes = shape.map((_, axis) => axis).slice(2);
    const moved = shape.length > 1 ? array.transpose([...kernelAxes, 1, 0]) : array;
    return moved.reshape(variable.shape as number[]);
  });
}
