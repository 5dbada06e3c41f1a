import { MetricsError } from './errors.js';

/** What scores depend on, written with them. Scores of unlike records cannot be compared. */
export interface ScoreRecord {
  /** The data set that real clips came from. */
  readonly data: string;
  /** Which part of it. */
  readonly split: string;
  /** How many generated clips. */
  readonly count: number;
  /** How many real clips they were compared with. */
  readonly referenceCount: number;
  /** The most clips of each kind that kernels and nearest neighbors see. */
  readonly keep: number;
  /** Frames of a clip. */
  readonly frames: number;
  /** Height and width of a frame, as generated. */
  readonly frameSize: readonly [height: number, width: number];
  /** Channels of a frame. */
  readonly channels: number;
  /** How clips were fitted to the extractor. */
  readonly resize: string;
  /**
   * Name of the extractor. Two extractors of the same SHA-256 are the same, whatever their names.
   */
  readonly extractor: string;
  /** SHA-256 of the extractor. */
  readonly extractorSha256: string;
  /** k of the nearest neighbors. */
  readonly neighbors: number;
  /** Parts of the Inception score. */
  readonly splits: number;
  /** Added to probabilities before logarithms. */
  readonly epsilon: number;
  /** Seed of everything that is drawn. */
  readonly seed: number;
}

/**
 * What differs between two records, one line each: `count: 2048 against 10000`.
 *
 * @param ignore - fields that may differ, such as `seed` to average over seeds.
 */
export function recordDifferences(
  a: ScoreRecord,
  b: ScoreRecord,
  ignore: readonly (keyof ScoreRecord)[] = [],
): string[] {
  const names = new Set([...Object.keys(a), ...Object.keys(b)]) as Set<keyof ScoreRecord>;
  return [...names]
    .filter((name) => name !== 'extractor' && !ignore.includes(name))
    .filter((name) => String(a[name]) !== String(b[name]))
    .map((name) => `${name}: ${String(a[name])} against ${String(b[name])}`);
}

/**
 * Refuses to compare scores that were not computed alike.
 *
 * @throws MetricsError that says what differs.
 */
export function assertComparable(
  a: ScoreRecord,
  b: ScoreRecord,
  ignore: readonly (keyof ScoreRecord)[] = [],
): void {
  const differences = recordDifferences(a, b, ignore);
  if (differences.length === 0) return;
  throw new MetricsError(`these scores cannot be compared: ${differences.join('; ')}`);
}
