/** The factor of the learning rates at a step, which counts from 1. You can write your own. */
export type Schedule = (step: number) => number;

/** What the registry of schedules passes to an entry in addition to its options. */
export interface ScheduleContext {
  /** The length of the run in steps. */
  readonly steps: number;
}

/**
 * Rises linearly over the first `steps`, and multiplies the factor of `then`. The last of these
 * steps is the first with the full factor.
 */
export const warmUp =
  (steps: number, then: Schedule = () => 1): Schedule =>
  (step) =>
    Math.min(1, step / Math.max(1, steps)) * then(step);
