/**
 * How long each frame stays, in milliseconds: rounded, but in the long run exact.
 *
 * @param unit - in which the format counts, in milliseconds.
 */
export function delays(frames: number, rate: number, unit: number): number[] {
  const end = (frame: number) => Math.round((1000 * frame) / rate / unit) * unit;
  return Array.from({ length: frames }, (_, i) => end(i + 1) - end(i));
}
