import type { OptionsShape } from '@tgan/core';
import { count } from '@tgan/gan-layers/options';
import * as z from 'zod';

/** The label of all videos made, for conditional models. */
const label = z.int().min(0).optional();

/**
 * From one latent to another: straight, or over the sphere, at the lengths that lie between theirs.
 */
const path = z.enum(['linear', 'spherical']).default('linear');

/** Options of `interpolate`; each has a default. */
export interface InterpolateOptions {
  /** How many times as many frames: 2 adds one between every two. Default 2. */
  readonly factor?: number;
}

/** The schema of {@link InterpolateOptions}. */
export const interpolateOptions = z.strictObject({
  factor: count.default(2),
} satisfies OptionsShape<InterpolateOptions>);

/** Options of `extend`. */
export interface ExtendOptions {
  /** How many frames to make. */
  readonly frames: number;
  /**
   * `ping-pong` runs the video forward and backward in turn, `slow` stretches it. Default
   * `ping-pong`.
   */
  readonly by?: 'ping-pong' | 'slow';
}

/** The schema of {@link ExtendOptions}. */
export const extendOptions = z.strictObject({
  frames: count,
  by: z.enum(['ping-pong', 'slow']).default('ping-pong'),
} satisfies OptionsShape<ExtendOptions>);

/** Options of `transition`; each has a default. */
export interface TransitionOptions {
  /** The number of videos, including both ends. Default 8. */
  readonly steps?: number;
  /**
   * From one latent to another: straight, or over the sphere, at the lengths that lie between
   * theirs. Default `linear`.
   */
  readonly path?: 'linear' | 'spherical';
  /** The label of all videos made, for conditional models. */
  readonly label?: number;
}

/** The schema of {@link TransitionOptions}. */
export const transitionOptions = z.strictObject({
  steps: z.int().min(2).default(8),
  path,
  label,
} satisfies OptionsShape<TransitionOptions>);

/** Options of `transitionFilm`; each has a default. */
export interface TransitionFilmOptions {
  /** Frames between the two videos. Default 16. */
  readonly between?: number;
  /**
   * From one latent to another: straight, or over the sphere, at the lengths that lie between
   * theirs. Default `linear`.
   */
  readonly path?: 'linear' | 'spherical';
  /** The label of all videos made, for conditional models. */
  readonly label?: number;
}

/** The schema of {@link TransitionFilmOptions}. */
export const transitionFilmOptions = z.strictObject({
  between: count.default(16),
  path,
  label,
} satisfies OptionsShape<TransitionFilmOptions>);

/** Options of `project`; each has a default. */
export interface ProjectOptions {
  /** Steps of gradient descent. Default 200. */
  readonly steps?: number;
  /** Step size of Adam. Default 0.05. */
  readonly learningRate?: number;
  /** The number of frames to fit, from the first. Default: all. */
  readonly fitFrames?: number;
  /** The number of random starts; the best result is kept. Default 4. */
  readonly starts?: number;
  /** Seed of the starts. Default 0. */
  readonly seed?: number;
  /** The label of all videos made, for conditional models. */
  readonly label?: number;
}

/** The schema of {@link ProjectOptions}. */
export const projectOptions = z.strictObject({
  steps: count.default(200),
  learningRate: z.number().positive().default(0.05),
  fitFrames: count.optional(),
  starts: count.default(4),
  seed: z.int().default(0),
  label,
} satisfies OptionsShape<ProjectOptions>);
