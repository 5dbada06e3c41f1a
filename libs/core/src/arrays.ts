/** How many elements an array of that shape has; 1 for an empty shape. */
export const sizeOf = (shape: readonly number[]): number =>
  shape.reduce((product, n) => product * n, 1);

/**
 * Bytes of a picture as networks take them: (x - 128) / 128, in [-1, 1) (original code).
 *
 * @param into - where the numbers go; a new array unless told.
 */
export function fromPixels(
  pixels: ArrayLike<number>,
  into: Float32Array = new Float32Array(pixels.length),
): Float32Array {
  for (let i = 0; i < pixels.length; i++) into[i] = (pixels[i] - 128) / 128;
  return into;
}

/**
 * Bytes of what a generator made: round(128 x + 128), kept in 0..255 (original code). NaN becomes
 * 0.
 *
 * @param values - numbers that -1 (black) to 1 (white) are pixels of.
 */
export function toPixels(values: ArrayLike<number>): Uint8Array {
  const pixels = new Uint8Array(values.length);
  for (let i = 0; i < values.length; i++) {
    pixels[i] = Math.min(Math.max(Math.round(values[i] * 128 + 128), 0), 255);
  }
  return pixels;
}
