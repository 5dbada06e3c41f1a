import * as tf from '@tensorflow/tfjs';
import { pickFrames } from './pick-frames.js';

/**
 * Places sprites on black frames: each picture is drawn once for a video, and moved from frame to
 * frame. Where sprites meet, the brighter one is seen.
 *
 * A place between pixels mixes the pixels around it linearly, so that gradients reach the places.
 * This is a spatial transformer (Jaderberg et al. 2015) that only shifts. A shift is a product with
 * one matrix for the rows and one for the columns, which every backend computes fast, with its
 * gradient.
 *
 * @param sprites - [batch, size, size, count * channels] in [-1, 1].
 * @param places - [batch, frames, count * 2]: down and to the right. At -1 a sprite is at the first
 * row or column of the frame, at 0 in the middle, at 1 at the last.
 * @param imageSize - height and width of a frame.
 * @param count - how many sprites there are.
 * @param wholePixels - rounds places to whole pixels, so that nothing is blurred. Gradients are
 * those of the place that was asked for.
 * @param learnsFrom - the frame of each video through which gradients reach the sprites; through
 * all of them unless told.
 * @returns [batch * frames, imageSize, imageSize, channels] in [-1, 1]; the caller disposes it.
 */
export function placeSprites(
  sprites: tf.Tensor4D,
  places: tf.Tensor3D,
  imageSize: number,
  count: number,
  wholePixels = false,
  learnsFrom?: readonly number[],
): tf.Tensor4D {
  return tf.tidy(() => {
    const [batch, size, , maps] = sprites.shape;
    const frames = places.shape[1];
    const channels = maps / count;
    const all = batch * frames * maps;
    // Where no sprite is, light is 0.
    const light = sprites
      .add(1)
      .div(2)
      .transpose([0, 3, 1, 2])
      .reshape([batch, 1, maps * size * size]);
    const lights = (
      learnsFrom ? eachFrame(light, frames, learnsFrom) : light.tile([1, frames, 1])
    ).reshape([all, size, size]) as tf.Tensor3D;
    const moves = places
      .mul((imageSize - size) / 2)
      .reshape([batch * frames * count, 1, 2])
      .tile([1, channels, 1])
      .reshape([all, 2]);
    const move = (by: tf.Tensor) => {
      const [down, right] = tf.split(by, 2, 1).map((one) => shift(one, size, imageSize));
      return tf.matMul(tf.matMul(down, lights), right, false, true);
    };
    const between = move(moves);
    const placed = wholePixels
      ? replaceValue(between, () => move(toWholePixels(moves, size, imageSize)))
      : between;
    const moved = placed.reshape([batch * frames, count, channels * imageSize ** 2]);
    const seen = count === 1 ? moved : moved.max(1);
    return seen
      .reshape([batch * frames, channels, imageSize, imageSize])
      .transpose([0, 2, 3, 1])
      .mul(2)
      .sub(1) as tf.Tensor4D;
  });
}

/** Repeats rows [batch, 1, size] for each frame. Gradients come from one frame of each video. */
function eachFrame(rows: tf.Tensor, frames: number, learnsFrom: readonly number[]): tf.Tensor {
  return tf.customGrad((x) => ({
    value: (x as tf.Tensor).tile([1, frames, 1]),
    gradFunc: (dy: tf.Tensor) => pickFrames(dy as tf.Tensor3D, learnsFrom),
  }))(rows);
}

/**
 * Matrices [n, to, from] that shift a line of `from` pixels, in the middle of one of `to`, by [n,
 * 1] pixels.
 */
function shift(by: tf.Tensor, from: number, to: number): tf.Tensor3D {
  const centered = (length: number) => tf.range(0, length).sub((length - 1) / 2);
  const distance = centered(to)
    .reshape([1, to, 1])
    .sub(centered(from).reshape([1, 1, from]));
  return distance.sub(by.expandDims(2)).abs().neg().add(1).relu() as tf.Tensor3D;
}

/** The nearest moves after which pixels of a sprite lie on pixels of the frame. */
function toWholePixels(moves: tf.Tensor, size: number, imageSize: number): tf.Tensor {
  const half = ((imageSize - size) / 2) % 1;
  return moves.sub(half).round().add(half);
}

/** `value` in place of `x`, with the gradient of `x` (a straight-through estimator). */
function replaceValue(x: tf.Tensor, value: () => tf.Tensor): tf.Tensor {
  return tf.customGrad(() => ({ value: value(), gradFunc: (dy: tf.Tensor) => dy }))(x);
}
