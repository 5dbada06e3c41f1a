import type { Digits } from './mnist.js';

/**
 * Digits in another size: each pixel is the mean of the area that it covers (box filter).
 *
 * Digits of 14 or 20 pixels have room to travel on a canvas of 32, where those of 28 have 4 pixels.
 * 14 on 32 is Moving MNIST at half its size.
 *
 * @param size - height and width in pixels, at most those that the digits have.
 * @returns new digits with the same labels, or `digits` itself where they have that size.
 * @throws RangeError when `size` is no whole number from 1 to the size of the digits.
 */
export function scaleDigits<Kind extends Digits>(digits: Kind, size: number): Kind {
  if (size === digits.size) return digits;
  if (!Number.isInteger(size) || size < 1 || size > digits.size) {
    throw new RangeError(`digits of ${digits.size} pixels do not scale down to ${size}`);
  }
  const { count, size: from } = digits;
  const spans = Array.from({ length: size }, (_, target) => overlaps(target, from / size));
  const pixels = new Uint8Array(count * size * size);
  const rows = new Float64Array(size * from);
  for (let digit = 0; digit < count; digit++) {
    const first = digit * from * from;
    spans.forEach((span, y) => {
      for (let x = 0; x < from; x++) {
        let sum = 0;
        for (const { source, share } of span)
          sum += share * digits.pixels[first + source * from + x];
        rows[y * from + x] = sum;
      }
    });
    for (let y = 0; y < size; y++) {
      spans.forEach((span, x) => {
        let sum = 0;
        for (const { source, share } of span) sum += share * rows[y * from + source];
        pixels[(digit * size + y) * size + x] = Math.round(sum);
      });
    }
  }
  return { ...digits, size, pixels };
}

/** Which pixels of an axis a scaled one covers, each with its share of it. The shares sum to 1. */
function overlaps(target: number, ratio: number): { source: number; share: number }[] {
  const [start, end] = [target * ratio, (target + 1) * ratio];
  const covered: { source: number; share: number }[] = [];
  for (let source = Math.floor(start); source < end - 1e-9; source++) {
    const share = (Math.min(source + 1, end) - Math.max(source, start)) / ratio;
    covered.push({ source, share });
  }
  return covered;
}
