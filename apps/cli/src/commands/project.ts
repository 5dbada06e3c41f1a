import { clipOfData, clipOfFile, openRun, pictureFormat, UsageError } from '@tgan/runs';
import { project as projectClip } from '@tgan/video-gan';
import * as tf from '@tensorflow/tfjs';
import { log } from '../log.js';
import { present } from '../present.js';
import { withBar } from '../progress.js';
import type { PictureFlags } from '../program/picture-flags.js';

/** What `tgan project` takes. */
export interface ProjectOptions extends PictureFlags {
  /** The packed file that contains the clip. */
  readonly data?: string;
  /** The number of the video in the packed file. */
  readonly index: number;
  readonly fitFrames?: number;
  readonly steps: number;
  readonly learningRate: number;
  readonly starts: number;
  readonly seed: number;
  /** The label of the clip, for a conditional model. */
  readonly label?: string;
}

/** Finds the latent of a clip and writes the clip beside the latent's video. */
export async function project(
  folder: string,
  file: string | undefined,
  options: ProjectOptions,
): Promise<void> {
  pictureFormat(options.out);
  const { data, index, fitFrames, steps, learningRate, starts, seed } = options;
  if ((file === undefined) === (data === undefined)) {
    throw new UsageError('project needs one clip: give the path of a video, or --data and --index');
  }
  const run = await openRun(folder, { ...options, onNote: log });
  const { model } = run;
  const { frames } = model.options;
  if (fitFrames !== undefined && fitFrames >= frames) {
    throw new UsageError(
      `--fit-frames ${fitFrames}: this model makes ${frames} frames; give at most ${frames - 1}, so that one is left to predict`,
    );
  }
  const given =
    data === undefined
      ? await clipOfFile(file!, model.options)
      : await clipOfData(data, index, seed, model.options);
  const known = model.options.classes ? given.label : undefined;
  const label = await run.label(options.label ?? known);

  const search = { steps, learningRate, fitFrames, starts, seed, label };
  const found = await withBar('{bar} step {value}/{total} | error {error}', (bar, signal) => {
    bar.start(steps, 0, { error: '...' });
    return projectClip(model, given.clip, search, (step, error) => {
      signal.throwIfAborted();
      bar.update(step, { error: error.toFixed(4) });
    });
  });
  if (!found) {
    log('stopped');
    return;
  }
  const { z0, error, unseenError } = found;
  const both = tf.tidy(() => {
    const labels = label === undefined ? undefined : tf.tensor1d([label], 'int32');
    return tf.concat([given.clip, model.generate(z0, { labels })]);
  });
  tf.dispose([z0, given.clip]);
  run.dispose();
  const unseen =
    unseenError === undefined
      ? ''
      : `, ${unseenError.toFixed(4)} over the ${frames - fitFrames!} predicted frames`;
  await present(both, options, {
    shown: `the clip (left) and the found video (right), mean squared error ${error.toFixed(4)}${unseen},`,
    columns: 2,
    figures: { error, unseenError },
  });
}
