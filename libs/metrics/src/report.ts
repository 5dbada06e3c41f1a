import type { Estimate } from './bootstrap.js';
import type { ScoreRecord } from './record.js';
import type { ScoreInfo } from './scores.js';

/** A score of generated clips beside that of real ones. */
export interface ReportedScore extends Estimate, Omit<ScoreInfo, 'name'> {
  /** How many generated clips it is of. */
  readonly samples: number;
  /**
   * The same score of further real clips in place of the generated ones, at the same counts: the
   * floor of a distance, and what the other scores can be expected to reach. null where there were
   * no further real clips.
   */
  readonly real: Estimate | null;
}

/**
 * Everything that an evaluation found. Plain data: `JSON.stringify` writes it, `JSON.parse` reads
 * it.
 */
export interface EvaluationReport {
  /** What the scores depend on. */
  readonly record: ScoreRecord;
  /** By name, in the order in which they are shown. Scores of other kinds may be added. */
  readonly scores: Readonly<Record<string, ReportedScore>>;
  /** What to mind when reading them, one line each. */
  readonly warnings: readonly string[];
}
