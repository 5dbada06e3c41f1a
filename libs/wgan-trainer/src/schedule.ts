/** What the learning rates are multiplied by at a step, which counts from 1. Write your own as a function of this type. */
export type Schedule = (step: number) => number;

/** The learning rates as they are (paper). */
export const constant: Schedule = () => 1;

/** From the whole rate at the first step in a straight line to zero after the last of `steps`. */
export const linearDecay =
  (steps: number): Schedule =>
  (step) =>
    Math.max(0, 1 - (step - 1) / steps);

/** Rises in a straight line over the first `steps`, the last of which is the first with the whole rate of `then`. */
export const warmUp =
  (steps: number, then: Schedule = constant): Schedule =>
  (step) =>
    Math.min(1, step / Math.max(1, steps)) * then(step);
