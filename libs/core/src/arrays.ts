/** The number of elements of an array of this shape; 1 for an empty shape. */
export const sizeOf = (shape: readonly number[]): number =>
  shape.reduce((product, n) => product * n, 1);

/**
 * Scales the bytes of an image to the range of the networks, [-1, 1): (x - 128) / 128, as in the
 * original code.
 *
 * @param into - the array to fill. Default: a new one.
 */
export function fromPixels(
  pixels: ArrayLike<number>,
  into: Float32Array = new Float32Array(pixels.length),
): Float32Array {
  for (let i = 0; i < pixels.length; i++) into[i] = (pixels[i] - 128) / 128;
  return into;
}

/**
 * Converts the output of a generator to bytes: round(128 x + 128), limited to 0..255, as in the
 * original code. NaN becomes 0.
 *
 * @param values - pixels from -1 (black) to 1 (white).
 */
export function toPixels(values: ArrayLike<number>): Uint8Array {
  const pixels = new Uint8Array(values.length);
  for (let i = 0; i < values.length; i++) {
    pixels[i] = Math.min(Math.max(Math.round(values[i] * 128 + 128), 0), 255);
  }
  return pixels;
}
