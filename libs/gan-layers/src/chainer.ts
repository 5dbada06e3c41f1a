import * as tf from '@tensorflow/tfjs';

/** An array of a Chainer snapshot: its elements in row-major order, and its shape. */
export interface ChainerArray {
  readonly shape: readonly number[];
  readonly data: ArrayLike<number>;
}

/** A weight of a network and the value that a Chainer snapshot has for it. */
export interface ChainerWeight {
  readonly variable: tf.LayerVariable;
  /** The parameter's name in the snapshot, as `c1/W`. */
  readonly source: string;
  /** The value in the layout and shape of `variable`. The caller disposes it. */
  readonly value: tf.Tensor;
}

/** What the original code calls a layer of ours: `deconv0` is `dc0`, `conv3` is `c3`, `bn1` is `bn1`. */
function linkName(layerName: string): string {
  return layerName.replace(/^deconv/, 'dc').replace(/^conv/, 'c');
}

/** What Chainer calls the weights that tfjs calls kernel, bias, ... */
const parameters: Record<string, string> = {
  kernel: 'W',
  bias: 'b',
  gamma: 'gamma',
  beta: 'beta',
  moving_mean: 'avg_mean',
  moving_variance: 'avg_var',
};

/**
 * Pairs every weight of a network with its value in a snapshot of the original (Chainer) code.
 *
 * Kernels go from (out, in, kernel...) or, for deconvolutions, (in, out, kernel...) to tfjs's
 * [kernel..., in, out] or [kernel..., out, in]; missing kernel axes are added with size 1.
 *
 * @param model - a network with layers named `conv0`, `deconv0`, `bn0`, ..., as the original numbers them.
 * @param arrays - the snapshot's arrays, by names like `bn0/gamma`. Names that the network lacks are left alone.
 * @throws Error when a weight has no array, or one of another size; the message names both.
 */
export function chainerWeights(
  model: tf.LayersModel,
  arrays: ReadonlyMap<string, ChainerArray>,
): ChainerWeight[] {
  return model.layers.flatMap((layer) =>
    layer.weights.map((variable) => {
      const weight = variable.originalName.slice(variable.originalName.lastIndexOf('/') + 1);
      const source = `${linkName(layer.name)}/${parameters[weight]}`;
      const array = arrays.get(source);
      if (!array) throw new Error(`the snapshot has no ${source} for ${layer.name}'s ${weight}`);
      const size = array.shape.reduce((product, n) => product * n, 1);
      if (size !== tf.util.sizeFromShape(variable.shape as number[])) {
        throw new Error(
          `${source} is (${array.shape.join(', ')}) in the snapshot, but ${layer.name}'s ${weight} is [${variable.shape.join(', ')}] here`,
        );
      }
      return { variable, source, value: inLayoutOf(variable, array) };
    }),
  );
}

/** Sets weights to the values they are paired with, and disposes the values. */
export function assignWeights(weights: readonly ChainerWeight[]): void {
  for (const { variable, value } of weights) {
    variable.write(value);
    value.dispose();
  }
}

function inLayoutOf(variable: tf.LayerVariable, { shape, data }: ChainerArray): tf.Tensor {
  return tf.tidy(() => {
    const array = tf.tensor(Float32Array.from(data), [...shape]);
    const kernelAxes = shape.map((_, axis) => axis).slice(2);
    const moved = shape.length > 1 ? array.transpose([...kernelAxes, 1, 0]) : array;
    return moved.reshape(variable.shape as number[]);
  });
}
