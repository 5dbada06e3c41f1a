import type { Sighting } from './reader.js';

/** One digit through a clip: what was seen of it in each frame, or undefined. */
export type Track = readonly (Sighting | undefined)[];

/** A track prefers what shows its digit to what is nearer by this many pixels. */
const otherDigit = 12;

/**
 * Joins what was seen in the frames of a clip to tracks.
 *
 * @param frames - of each frame what is seen in it, the surest first.
 * @param digits - how many digits a clip has; what is seen beyond that is left out.
 */
export function trackDigits(
  frames: readonly (readonly Sighting[])[],
  digits: number,
): readonly Track[] {
  const tracks = Array.from({ length: digits }, (): (Sighting | undefined)[] => []);
  const last: (Sighting | undefined)[] = new Array(digits).fill(undefined);
  for (const frame of frames) {
    const open = new Set(frame.slice(0, digits));
    const free = new Set(tracks.keys());
    for (const track of tracks) track.push(undefined);
    while (open.size > 0) {
      let best: { track: number; sighting: Sighting; cost: number } | undefined;
      for (const sighting of open) {
        for (const track of free) {
          const cost = costOf(last[track], sighting);
          if (!best || cost < best.cost) best = { track, sighting, cost };
        }
      }
      if (!best) break;
      const { track, sighting } = best;
      tracks[track][tracks[track].length - 1] = sighting;
      last[track] = sighting;
      open.delete(sighting);
      free.delete(track);
    }
  }
  return tracks;
}

/** A track that has not begun costs more than one that goes on, whatever the distance. */
function costOf(last: Sighting | undefined, next: Sighting): number {
  if (!last) return 1000;
  const apart = Math.hypot(last.y - next.y, last.x - next.x);
  return apart + (last.digit === next.digit ? 0 : otherDigit);
}
