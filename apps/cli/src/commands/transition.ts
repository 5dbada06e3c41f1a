import { Random } from '@tgan/core';
import { openRun, pictureFormat, UsageError } from '@tgan/runs';
import { transition as videosBetween, transitionFilm } from '@tgan/video-gan';
import { log } from '../log.js';
import { present } from '../present.js';
import type { PictureFlags } from '../program/picture-flags.js';

/** What `tgan transition` takes. */
export interface TransitionOptions extends PictureFlags {
  /** Seed of the first video. */
  readonly from: number;
  /** Seed of the last video. */
  readonly to: number;
  readonly path: 'linear' | 'spherical';
  /** Frames between the two videos of the film. */
  readonly between: number;
  /** Whether to make a series of videos instead of a film. */
  readonly grid?: boolean;
  /** Videos in that series, including both ends. */
  readonly steps: number;
  /** The label, for a conditional model. */
  readonly label?: string;
}

/** Makes a transition from one video to another and writes it as one picture. */
export async function transition(folder: string, options: TransitionOptions): Promise<void> {
  pictureFormat(options.out);
  const { path, between, steps, grid } = options;
  if (grid && steps < 2)
    throw new UsageError(`--steps ${steps}: a grid includes both ends, so give at least 2`);
  const run = await openRun(folder, { ...options, onNote: log });
  const { model } = run;
  const label = await run.label(options.label);
  const [from, to] = [options.from, options.to].map((seed) => model.latents(1, new Random(seed)));
  const videos = grid
    ? videosBetween(model, from, to, { steps, path, label })
    : transitionFilm(run.temporalGan('a film (not --grid)'), from, to, {
        between,
        path,
        label,
      });
  from.dispose();
  to.dispose();
  run.dispose();
  const [count, frames] = videos.shape;
  const shown = grid ? `${count} videos` : `a film of ${frames} frames`;
  await present(videos, options, { shown, figures: { frames } });
}
