import type { Random } from '@tgan/core';
import * as tf from '@tensorflow/tfjs';

/** What a deconvolution of kernel 4 and stride 2 does when it interpolates linearly. */
const interpolation = [0.25, 0.75, 0.75, 0.25];

/** The part of the image generator's first kernels that is noise beside interpolation. */
const detail = 0.5;

/** The two networks of a Temporal GAN's generator. */
export interface GeneratorNetworks {
  /** G0, see `createTemporalGenerator`. */
  readonly temporalGenerator: tf.LayersModel;
  /** G1 that sees z0 and z1, see `createImageGenerator`. */
  readonly imageGenerator: tf.LayersModel;
}

/**
 * Initializes the generator of a Temporal GAN so that its videos move smoothly before training.
 * Only values change, no shapes.
 *
 * With the usual initializers, the latents of neighboring frames are uncorrelated. The generator
 * begins with 16 unrelated frames and must learn that time is continuous. Here
 *
 * - the deconvolutions of G0, except the first, interpolate linearly in time: all taps share one
 * random matrix;
 * - those of G1 interpolate in space, with noise of half the size for detail;
 * - z0 says the same in every cell of G1's small image, so that it is about what is seen;
 * - z1, where G1 sees it, is a place, two numbers on the canvas. A line through that place divides
 * each channel into a side that is on and one that is off, so that a change of z1 moves the
 * picture.
 *
 * @param random - draws the weights.
 * @throws RangeError when G1 has no batch norm shift for z1, which holds the lines, or does not see
 * z0.
 */
export function startCoherently(
  { temporalGenerator, imageGenerator }: GeneratorNetworks,
  random: Random,
): void {
  const timeDoublings = deconvolutions(temporalGenerator).slice(1);
  timeDoublings.forEach((layer, i) => {
    // ReLU halves what follows it; tanh, at the end, would saturate.
    interpolate(layer, [1], i === timeDoublings.length - 1 ? 1 : 2, 0, random);
  });
  for (const layer of deconvolutions(imageGenerator)) {
    if (kernelOf(layer).shape[0] === 4) interpolate(layer, [0, 1], 1, detail, random);
  }
  if (!imageGenerator.layers.some(({ name }) => name === 'linear_z1')) return;
  const side = sideOf(imageGenerator);
  contentEverywhere(imageGenerator, side, random);
  motionAsPlace(imageGenerator, side, random);
}

/**
 * All taps of the kernel become one random matrix, weighted as linear interpolation along `axes`.
 */
function interpolate(
  layer: tf.layers.Layer,
  axes: readonly number[],
  gain: number,
  noise: number,
  random: Random,
): void {
  const kernel = kernelOf(layer);
  const [height, width, outputs, inputs] = kernel.shape;
  const along = (axis: number, tap: number) => (axes.includes(axis) ? interpolation[tap] : 1);
  const matrix = normal(outputs * inputs, Math.sqrt(gain / inputs), random);
  const values = normal(kernel.size, noise * Math.sqrt(1 / (4 * inputs)), random);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const weight = along(0, y) * along(1, x);
      const tap = (y * width + x) * matrix.length;
      for (let i = 0; i < matrix.length; i++) values[tap + i] += weight * matrix[i];
    }
  }
  assign(kernel, values);
}

/** The linear layer of z0 gives every cell the same. */
function contentEverywhere(imageGenerator: tf.LayersModel, side: number, random: Random): void {
  const kernel = kernelOf(imageGenerator.getLayer('linear_z0'));
  const [latentSize, units] = kernel.shape;
  const channels = units / side ** 2;
  const cell = normal(latentSize * channels, Math.sqrt(2 / latentSize), random);
  assign(
    kernel,
    Float32Array.from(
      { length: kernel.size },
      (_, i) => cell[Math.floor(i / units) * channels + (i % channels)],
    ),
  );
}

/**
 * The linear layer of z1 and the shift of its batch norm give cell (x, y) of channel c the value
 * b_c x + d_c y + o_c minus the place of z1 along (b_c, d_c), where (b_c, d_c) is a random
 * direction.
 */
function motionAsPlace(imageGenerator: tf.LayersModel, side: number, random: Random): void {
  const kernel = kernelOf(imageGenerator.getLayer('linear_z1'));
  const shift = imageGenerator
    .getLayer('bn_z1')
    .weights.find(({ originalName }) => originalName.endsWith('/beta'));
  if (!shift) throw new RangeError('a coherent start needs batchNormBeta in the image generator');
  const [latentSize, units] = kernel.shape;
  const channels = units / side ** 2;
  // A place of two numbers is z1 itself.
  const across = latentSize === 2 ? [1, 0] : normal(latentSize, Math.sqrt(1 / latentSize), random);
  const down = latentSize === 2 ? [0, 1] : normal(latentSize, Math.sqrt(1 / latentSize), random);
  const values = new Float32Array(kernel.size);
  const beta = new Float32Array(units);
  for (let channel = 0; channel < channels; channel++) {
    const angle = random.number(0, 2 * Math.PI);
    const [b, d] = [Math.cos(angle), Math.sin(angle)];
    const offset = random.number(-1, 1);
    for (let cell = 0; cell < side ** 2; cell++) {
      const unit = cell * channels + channel;
      const [x, y] = [cell % side, Math.floor(cell / side)].map((i) => i - (side - 1) / 2);
      beta[unit] = b * x + d * y + offset;
      for (let i = 0; i < latentSize; i++) {
        values[i * units + unit] = -(b * across[i] + d * down[i]);
      }
    }
  }
  assign(kernel, values);
  assign(shift.read() as tf.Variable, beta);
}

const deconvolutions = (model: tf.LayersModel) =>
  model.layers.filter(({ name }) => name.startsWith('deconv'));

const kernelOf = (layer: tf.layers.Layer) => layer.weights[0].read() as tf.Variable;

/** Height and width of G1's small image. */
function sideOf(imageGenerator: tf.LayersModel): number {
  if (!imageGenerator.layers.some(({ name }) => name === 'linear_z0')) {
    throw new RangeError('a coherent start needs an image generator that sees z0 (seesZ0)');
  }
  const [first] = deconvolutions(imageGenerator);
  return (first.input as tf.SymbolicTensor).shape[1] as number;
}

const assign = (variable: tf.Variable, values: Float32Array) =>
  tf.tidy(() => variable.assign(tf.tensor(values, variable.shape)));

/** `count` numbers of N(0, stddev^2), by Box and Muller. */
const normal = (count: number, stddev: number, random: Random) =>
  Float32Array.from({ length: count }, () => {
    const radius = Math.sqrt(-2 * Math.log(1 - random.number()));
    return stddev * radius * Math.cos(2 * Math.PI * random.number());
  });
