import * as tf from '@tensorflow/tfjs';

/** How values between pixels are found. */
export type ResizeMethod = 'bilinear' | 'bicubic';

/**
 * Resizes frames, `[count, height, width, channels]`, to another height and width.
 *
 * Pixels are squares whose centers correspond, edges repeat, and nothing is smoothed first when
 * frames shrink: as OpenCV's `resize` and PyTorch's `interpolate` (`align_corners=False,
 * antialias=False`) do. Cubics have a = -0.75, as theirs do.
 *
 * @returns a tensor of the caller's.
 */
export function resizeFrames(
  frames: tf.Tensor4D,
  [height, width]: readonly [height: number, width: number],
  method: ResizeMethod,
): tf.Tensor4D {
  const [count, rows, columns, channels] = frames.shape;
  if (rows === height && columns === width) return frames.clone();
  return tf.tidy(() => {
    const byRow = frames.reshape([count, rows, columns * channels]);
    const tall = tf.matMul(weights(rows, height, method), byRow);
    const byColumn = tall.reshape([count * height, columns, channels]);
    const wide = tf.matMul(weights(columns, width, method), byColumn);
    return wide.reshape<tf.Tensor4D>([count, height, width, channels]);
  });
}

/** `[1, to, from]`: how much each old pixel adds to each new one along an axis. */
function weights(from: number, to: number, method: ResizeMethod): tf.Tensor3D {
  const [kernel, reach] = method === 'bilinear' ? [tent, 1] : [cubic, 2];
  const matrix = new Float32Array(to * from);
  for (let i = 0; i < to; i++) {
    const center = ((i + 0.5) * from) / to - 0.5;
    const first = Math.floor(center) - reach + 1;
    for (let j = first; j < first + 2 * reach; j++) {
      const inside = Math.min(Math.max(j, 0), from - 1);
      matrix[i * from + inside] += kernel(Math.abs(center - j));
    }
  }
  return tf.tensor3d(matrix, [1, to, from]);
}

function tent(x: number): number {
  return Math.max(0, 1 - x);
}

/** Keys' cubic convolution. */
function cubic(x: number): number {
  const a = -0.75;
  if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  if (x < 2) return ((a * x - 5 * a) * x + 8 * a) * x - 4 * a;
  return 0;
}
