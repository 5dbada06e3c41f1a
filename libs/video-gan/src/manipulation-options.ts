import { count } from '@tgan/gan-layers/options';
import * as z from 'zod';

/** The label of all videos made, for conditional models. */
const label = z.int().min(0).optional();

/**
 * From one latent to another: straight, or over the sphere, at the lengths that lie between theirs.
 */
const path = z.enum(['linear', 'spherical']).default('linear');

/** What `interpolate` takes. */
export const interpolateOptions = z.strictObject({
  /** How many times as many frames: 2 adds one between every two. */
  factor: count.default(2),
});

/** Options of `interpolate`; each has a default. */
export type InterpolateOptions = z.input<typeof interpolateOptions>;

/** What `extend` takes. */
export const extendOptions = z.strictObject({
  /** How many frames to make. */
  frames: count,
  /** `ping-pong` runs the video forward and backward in turn, `slow` stretches it. */
  by: z.enum(['ping-pong', 'slow']).default('ping-pong'),
});

/** Options of `extend`. */
export type ExtendOptions = z.input<typeof extendOptions>;

/** What `transition` takes. */
export const transitionOptions = z.strictObject({
  /** The number of videos, including both ends. */
  steps: z.int().min(2).default(8),
  path,
  label,
});

/** Options of `transition`; each has a default. */
export type TransitionOptions = z.input<typeof transitionOptions>;

/** What `transitionFilm` takes. */
export const transitionFilmOptions = z.strictObject({
  /** Frames between the two videos. */
  between: count.default(16),
  path,
  label,
});

/** Options of `transitionFilm`; each has a default. */
export type TransitionFilmOptions = z.input<typeof transitionFilmOptions>;

/** What `project` takes. */
export const projectOptions = z.strictObject({
  /** Steps of gradient descent. */
  steps: count.default(200),
  /** Step size of Adam. */
  learningRate: z.number().positive().default(0.05),
  /** The number of frames to fit, from the first. Default: all. */
  fitFrames: count.optional(),
  /** The number of random starts; the best result is kept. */
  starts: count.default(4),
  /** Seed of the starts. */
  seed: z.int().default(0),
  label,
});

/** Options of `project`; each has a default. */
export type ProjectOptions = z.input<typeof projectOptions>;
