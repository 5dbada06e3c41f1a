import { Random } from '@tgan/core';
import { truncateLatents, Vgan, type Mode } from '@tgan/video-gan';
import * as tf from '@tensorflow/tfjs';
import { UsageError } from '../errors.js';
import { labelNamed } from '../labels.js';
import { pictureFormat } from '../pictures.js';
import { present, videosOf } from '../present.js';
import type { PictureFlags } from '../program/picture-flags.js';
import { everyLabel } from '../samples.js';
import { openTrainedModel, type TrainedModel } from '../trained-model.js';

/** What `tgan sample` takes. */
export interface SampleOptions extends PictureFlags {
  readonly count: number;
  readonly seed: number;
  /** For a conditional model: the name of what to make. */
  readonly label?: string;
  /** How far latents may lie from the center, 0 to 1. */
  readonly truncation: number;
  /** Whether to show the parts that make up VGAN's videos. */
  readonly streams?: boolean;
}

/** Makes new videos with the generator of a run and writes them as one picture. */
export async function sample(folder: string, options: SampleOptions): Promise<void> {
  pictureFormat(options.out); // what cannot be written need not be made
  const { count, seed, truncation, streams } = options;
  const trained = await openTrainedModel(folder, options.backend);
  const { model } = trained;
  const labels = await labelsOf(trained, options);
  const videos = tf.tidy(() => {
    const z0 = truncateLatents(model.latents(count, new Random(seed)), truncation) as tf.Tensor2D;
    return streams ? streamsOf(trained, z0) : model.generate(z0, { labels });
  });
  labels?.dispose();
  model.dispose();
  await present(videos, options, {
    shown: `${videosOf(count)}${streams ? ' with foreground, mask and background' : ''}`,
    columns: streams ? 4 : undefined,
  });
}

async function labelsOf(
  { run, config, model }: TrainedModel,
  { label, count }: SampleOptions,
): Promise<Mode['labels']> {
  if (label === undefined) return everyLabel(model, count);
  const all = new Int32Array(count).fill(await labelNamed(label, run, config));
  return tf.tensor1d(all, 'int32');
}

/** VGAN's videos, each followed by its foreground, its mask (black to white) and its background. */
function streamsOf({ model, run, config }: TrainedModel, z0: tf.Tensor2D): tf.Tensor5D {
  if (!(model instanceof Vgan)) {
    throw new UsageError(
      `--streams shows the parts of a vgan's videos; ${run.path} holds a ${config.model.model}`,
    );
  }
  const { clip, foreground, mask, background } = model.streams(z0);
  const [count, frames, height, width, channels] = clip.shape;
  const gray = mask.reshape([-1, 1]).mul(2).sub(1).tile([1, channels]);
  const still = background.reshape([count, 1, -1]).tile([1, frames, 1]);
  const rows = [clip, foreground, gray, still].map((part) => part.reshape([count, -1]));
  return tf.stack(rows, 1).reshape([4 * count, frames, height, width, channels]);
}
