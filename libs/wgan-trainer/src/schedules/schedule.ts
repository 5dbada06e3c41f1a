/**
 * The factor of the learning rates at a step, which counts from 1. Write your own as a function of
 * this type.
 */
export type Schedule = (step: number) => number;

/** What the registry of schedules passes to an entry beside its options. */
export interface ScheduleContext {
  /** The length of the run in steps. */
  readonly steps: number;
}

/**
 * Rises in a straight line over the first `steps` and multiplies the factor of `then`. The last of
 * these steps is the first with the full factor.
 */
export const warmUp =
  (steps: number, then: Schedule = () => 1): Schedule =>
  (step) =>
    Math.min(1, step / Math.max(1, steps)) * then(step);
