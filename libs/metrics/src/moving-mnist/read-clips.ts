import type * as tf from '@tensorflow/tfjs';
import { MetricsError } from '../errors.js';
import { enlargeDigits, readerDigitSize } from './digit-size.js';
import { fitPath, type Path, type PathPoint } from './path.js';
import type { MovingMnistReader, Sighting } from './reader.js';
import { trackDigits, type Track } from './tracks.js';

/** From this confidence on a digit counts as named. */
export const namedFrom = 0.6;

/** From this presence on a position counts as seen. */
const seenFrom = 0.5;

/** What the reader says of one clip. */
export interface ClipReading {
  /** Of the digits that its frames should show, the part that is named with confidence, 0..1. */
  readonly legible: number;
  /**
   * The digits that are named most often, one for each track; undefined where none is ever named.
   */
  readonly digits: readonly (number | undefined)[];
  /**
   * Whether every track shows one digit all along: named in half of the frames, and another one in
   * at most a tenth.
   */
  readonly keepsIdentity: boolean;
  /** The paths of those tracks that are seen in at least half of the frames. */
  readonly paths: readonly Path[];
  /** Whether every track moves straight on, or straight on and back from the walls. */
  readonly movesStraight: boolean;
}

/** The numbers that a person would ask about clips of Moving MNIST. */
export interface ClipScores {
  /** How many clips they are of. */
  readonly clips: number;
  /** Of the digits that the frames should show, the share that is named with confidence. */
  readonly legibility: number;
  /** The share of clips in which every digit stays the same. */
  readonly identity: number;
  /** The share of clips whose digits can be followed through at least half of the frames. */
  readonly followed: number;
  /**
   * Of the clips that can be followed, pixels per frame along the straight or bouncing path that
   * fits best.
   */
  readonly displacement: { readonly p10: number; readonly median: number; readonly p90: number };
  /** The same as `displacement.median`; NaN where no clip can be followed. */
  readonly medianDisplacement: number;
  /** The share of clips whose digits move, and do so straight on or bouncing. */
  readonly straightOrBouncing: number;
  /** How often each digit is named, one count for each track of a clip. */
  readonly classCounts: readonly number[];
  /** The entropy of `classCounts` in nats; ln 10 = 2.303 at most. */
  readonly classEntropy: number;
}

/** What {@link judgeClip} has to know of the clips. */
export interface ClipKind {
  /** How many digits a clip shows. */
  readonly digits: number;
  /** Of a frame in pixels. */
  readonly height: number;
  /** Of a frame in pixels. */
  readonly width: number;
}

/** Judges one clip by what the reader saw in its frames. */
export function judgeClip(
  frames: readonly (readonly Sighting[])[],
  { digits, height, width }: ClipKind,
): ClipReading {
  const tracks = trackDigits(frames, digits);
  const named = frames.map(
    (frame) => frame.filter(({ confidence }) => confidence >= namedFrom).length,
  );
  // More digits than there should be make a frame as illegible as none.
  const legible = named.map((count) => (count > digits ? 0 : count / digits));
  const paths = tracks
    .map(positions)
    .filter((points) => points.length >= frames.length / 2 && points.length >= 2)
    .map((points) => fitPath(points, height, width));
  const slowest = 0.025 * (Math.min(height, width) - 28);
  return {
    legible: mean(legible),
    digits: tracks.map((track) => mostNamed(track).digit),
    keepsIdentity: tracks.every((track) => keepsIdentity(track)),
    paths,
    movesStraight:
      paths.length === digits && paths.every((path) => isStraight(path, height, slowest)),
  };
}

/** Straight for the eye: nearly all of the motion is explained, and what is left is small. */
function isStraight({ speed, residual, explained }: Path, height: number, slowest: number) {
  return speed >= slowest && explained >= 0.6 && residual <= 0.7 + 0.03 * (height - 28);
}

function positions(track: Track): PathPoint[] {
  return track.flatMap((sighting, t) =>
    sighting && sighting.presence >= seenFrom ? [{ t, y: sighting.y, x: sighting.x }] : [],
  );
}

function mostNamed(track: Track) {
  const counts = new Array<number>(10).fill(0);
  for (const sighting of track) {
    if (sighting && sighting.confidence >= namedFrom) counts[sighting.digit]++;
  }
  const most = Math.max(...counts);
  const total = counts.reduce((a, b) => a + b, 0);
  return { digit: most > 0 ? counts.indexOf(most) : undefined, most, total };
}

function keepsIdentity(track: Track): boolean {
  const { most, total } = mostNamed(track);
  return total >= track.length / 2 && total - most <= 0.1 * total;
}

/** Puts the readings of clips together. */
export function scoreReadings(readings: readonly ClipReading[]): ClipScores {
  const share = (is: (reading: ClipReading) => boolean) => mean(readings.map((r) => Number(is(r))));
  const tracks = readings[0]?.digits.length ?? 0;
  const speeds = readings
    .filter(({ paths }) => paths.length === tracks)
    .flatMap(({ paths }) => paths.map(({ speed }) => speed))
    .sort((a, b) => a - b);
  const quantile = (q: number) =>
    speeds.length ? speeds[Math.floor(q * (speeds.length - 1))] : NaN;
  const classCounts = new Array<number>(10).fill(0);
  for (const digit of readings.flatMap(({ digits }) => digits)) {
    if (digit !== undefined) classCounts[digit]++;
  }
  const displacement = { p10: quantile(0.1), median: quantile(0.5), p90: quantile(0.9) };
  return {
    clips: readings.length,
    legibility: mean(readings.map(({ legible }) => legible)),
    identity: share(({ keepsIdentity }) => keepsIdentity),
    followed: share(({ paths }) => paths.length === tracks),
    displacement,
    medianDisplacement: displacement.median,
    straightOrBouncing: share(({ movesStraight }) => movesStraight),
    classCounts,
    classEntropy: entropy(classCounts),
  };
}

/**
 * Reads clips of Moving MNIST.
 *
 * @param reader - from `loadMovingMnistReader` in Node, or of weights that a page fetched.
 * @param clips - `[batch, time, height, width, 1]` in [-1, 1]. Stays the caller's.
 * @param digits - how many digits a clip shows.
 * @param digitSize - their height and width in pixels. Clips of smaller digits are enlarged first,
 * and what is read counts pixels of the enlarged frames.
 * @returns what {@link scoreReadings} puts together, clip by clip; batches can be joined.
 * @throws MetricsError when the clips have no frame, or more than one channel.
 */
export async function readClips(
  reader: MovingMnistReader,
  clips: tf.Tensor5D,
  digits = 1,
  digitSize = readerDigitSize,
): Promise<ClipReading[]> {
  if (clips.shape[1] === 0) throw new MetricsError(`the clips have no frames: [${clips.shape}]`);
  const enlarged = enlargeDigits(clips, digitSize);
  const [batch, time, height, width, channels] = enlarged.shape;
  const frames = enlarged.reshape([batch * time, height, width, channels]) as tf.Tensor4D;
  enlarged.dispose();
  try {
    const seen = await reader.readFrames(frames);
    return Array.from({ length: batch }, (_, i) =>
      judgeClip(seen.slice(i * time, (i + 1) * time), { digits, height, width }),
    );
  } finally {
    frames.dispose();
  }
}

const mean = (numbers: readonly number[]) =>
  numbers.reduce((sum, x) => sum + x, 0) / numbers.length;

function entropy(counts: readonly number[]): number {
  const total = counts.reduce((a, b) => a + b, 0);
  return counts
    .filter((count) => count > 0)
    .reduce((sum, count) => sum - (count / total) * Math.log(count / total), 0);
}
