/** Where a digit's center was seen: frame number and pixels. */
export interface PathPoint {
  readonly t: number;
  readonly y: number;
  readonly x: number;
}

/** The straight or bouncing path that lies nearest to what was seen. */
export interface Path {
  /** Pixels per frame along that path. */
  readonly speed: number;
  /** Root mean square distance in pixels of what was seen from that path. */
  readonly residual: number;
  /** The part of the positions' variance that the path explains, 0..1. */
  readonly explained: number;
}

const digitSize = 28;

/**
 * The fastest that is looked for, as a part of the range that a digit has. Real ones move by 0.1.
 */
const fastest = 0.25;

/**
 * Fits the rule that digits of Moving MNIST move by: along each axis straight on at one speed, and
 * back from the walls.
 *
 * The fit is over the whole clip, so that whole-pixel positions and small errors of single frames
 * do not count as motion: what jitters in place gets a speed near 0.
 *
 * @param points - at least two, by ascending `t`.
 * @param height - of the canvas in pixels.
 * @param width - of the canvas in pixels.
 */
export function fitPath(points: readonly PathPoint[], height: number, width: number): Path {
  const times = points.map(({ t }) => t);
  const axes = [
    fitAxis(
      times,
      points.map(({ y }) => y),
      height - digitSize,
    ),
    fitAxis(
      times,
      points.map(({ x }) => x),
      width - digitSize,
    ),
  ];
  const error = axes[0].error + axes[1].error;
  const variance = axes[0].variance + axes[1].variance;
  return {
    speed: Math.hypot(axes[0].speed, axes[1].speed),
    residual: Math.sqrt(error),
    explained: variance > 0 ? Math.max(0, 1 - error / variance) : 0,
  };
}

/** Means over the frames: squared pixels. */
function fitAxis(times: readonly number[], at: readonly number[], room: number) {
  const mean = at.reduce((a, b) => a + b, 0) / at.length;
  const variance = at.reduce((sum, p) => sum + (p - mean) ** 2, 0) / at.length;
  if (room <= 0) return { speed: 0, error: variance, variance };
  // Whole pixels are cut off, not rounded: half a pixel less on average.
  const first = (digitSize - 1) / 2 - 0.5;
  const places = at.map((p) => (p - first) / room);
  let best = { start: 0, velocity: 0, error: Infinity };
  const attempt = (start: number, velocity: number) => {
    if (start < 0 || start > 1 || Math.abs(velocity) > fastest) return;
    const error = distance(times, places, start, velocity);
    if (error < best.error) best = { start, velocity, error };
  };
  for (let i = 0; i <= 40; i++) {
    for (let j = -50; j <= 50; j++) attempt(i / 40, (j / 50) * fastest);
  }
  for (let size = 0.5; size > 0.01; size /= 2) {
    const { start, velocity } = best;
    for (const i of [-1, 0, 1]) {
      for (const j of [-1, 0, 1]) {
        attempt(start + (i * size) / 40, velocity + (j * size * fastest) / 50);
      }
    }
  }
  return {
    speed: Math.abs(best.velocity) * room,
    error: best.error * room ** 2,
    variance,
  };
}

/**
 * Mean squared distance of `places` in [0, 1] from the path that starts at `start`; the walls are
 * at 0 and 1.
 */
function distance(
  times: readonly number[],
  places: readonly number[],
  start: number,
  velocity: number,
): number {
  let place = start;
  let error = 0;
  let t = times[0];
  for (let i = 0; i < times.length; i++) {
    for (; t < times[i]; t++) {
      place += velocity;
      // As the original generator: it stops at the wall, and turns.
      if (place <= 0 || place >= 1) velocity = -velocity;
      if (place < 0) place = 0;
      else if (place > 1) place = 1;
    }
    error += (places[i] - place) ** 2;
  }
  return error / times.length;
}
