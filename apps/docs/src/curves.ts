/** A point of a curve. */
export type Point = readonly [x: number, y: number];

/** A closed interval of an axis. */
export type Range = readonly [from: number, to: number];

/**
 * The mean of every few values, so that a curve has at most `most` points. Each is at the number of
 * its last value, counted from 1.
 */
export function thinned(values: ArrayLike<number>, most: number): Point[] {
  const all = Array.from(values);
  const size = Math.max(1, Math.ceil(all.length / most));
  return Array.from({ length: Math.ceil(all.length / size) }, (_, i) => {
    const some = all.slice(i * size, (i + 1) * size);
    return [i * size + some.length, some.reduce((sum, y) => sum + y, 0) / some.length];
  });
}

/** What an axis must span to show all curves, with some room. */
export function rangeOf(curves: readonly (readonly Point[])[]): Range {
  const ys = curves.flat().map(([, y]) => y);
  if (ys.length === 0) return [0, 1];
  const [least, most] = [Math.min(...ys), Math.max(...ys)];
  const room = 0.05 * (most - least) || 0.5;
  return [least - room, most + room];
}

/** Round numbers in a range, at most `most` steps apart in all. */
export function ticksOf([from, to]: Range, most: number): number[] {
  const least = (to - from) / most;
  const power = 10 ** Math.floor(Math.log10(least));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= least)!;
  const first = Math.ceil(from / step);
  // Rounding must not lose a tick at the end.
  const last = Math.floor(to / step + 1e-9);
  const digits = Math.max(0, -Math.floor(Math.log10(step)));
  return Array.from({ length: last - first + 1 }, (_, i) =>
    Number(((first + i) * step).toFixed(digits)),
  );
}
