import * as tf from '@tensorflow/tfjs';

/** Options of {@link PolynomialPath}. */
export interface PolynomialPathArgs {
  /** Layer name. */
  readonly name?: string;
  /** How many moments the path has: at least 2. */
  readonly frames: number;
}

/**
 * Paths from the coefficients of polynomials in time. Where a path would leave [-1, 1] it is
 * reflected, as a ball is by a wall.
 *
 * The terms are Chebyshev polynomials over the clip. Term k > 0 counts 1 / k, so that paths of
 * random coefficients are nearly straight.
 *
 * Input: coefficients [batch, terms, size]. Output: [batch, frames, size] in [-1, 1].
 */
export class PolynomialPath extends tf.layers.Layer {
  static readonly className = 'TganPolynomialPath';

  readonly frames: number;

  constructor({ frames, ...layer }: PolynomialPathArgs) {
    super(layer);
    this.frames = frames;
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const coefficients = Array.isArray(inputs) ? inputs[0] : inputs;
      const [batch, terms, size] = coefficients.shape;
      const basis = tf.tensor2d(pathBasis(this.frames, terms), [this.frames, terms]);
      const columns = coefficients.transpose([1, 0, 2]).reshape([terms, batch * size]);
      const path = tf.matMul(basis, columns as tf.Tensor2D);
      return reflect(path).reshape([this.frames, batch, size]).transpose([1, 0, 2]);
    });
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    const [batch, , size] = inputShape as tf.Shape;
    return [batch, this.frames, size];
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), frames: this.frames };
  }
}

tf.serialization.registerClass(PolynomialPath);

/** The terms at each moment, row by row: [frames, terms]. */
export function pathBasis(frames: number, terms: number): Float32Array {
  return Float32Array.from({ length: frames * terms }, (_, i) => {
    const [frame, term] = [Math.floor(i / terms), i % terms];
    const time = (2 * frame) / (frames - 1) - 1;
    return Math.cos(term * Math.acos(time)) / Math.max(term, 1);
  });
}

/** A wave of triangles: x itself in [-1, 1], and as if by mirrors at -1 and 1 elsewhere. */
function reflect(x: tf.Tensor): tf.Tensor {
  const turns = x.add(1).div(4);
  const phase = turns.sub(turns.floor());
  return tf.sub(1, phase.mul(4).sub(2).abs());
}
