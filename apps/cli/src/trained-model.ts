import { selectBackend } from '@tgan/runs';
import { createVideoModel, VideoGan } from '@tgan/video-gan';
import * as tf from '@tensorflow/tfjs';
import type { RunConfig } from './config.js';
import { UsageError } from './errors.js';
import { labelNamed } from './labels.js';
import { RunFolder } from './run-folder.js';
import { loadGenerator } from './weights.js';

/** The model of a run with the generator that the run ended with. */
export interface TrainedModel {
  readonly run: RunFolder;
  readonly config: RunConfig;
  /** The caller disposes it. */
  readonly model: ReturnType<typeof createVideoModel>;
}

/**
 * Opens a run to make videos with its generator, on a backend.
 *
 * @throws UsageError when there is no run; ModelFileError when it has no weights yet or they are damaged.
 */
export async function openTrainedModel(folder: string, backend: string): Promise<TrainedModel> {
  const { run, config } = await RunFolder.open(folder);
  tf.enableProdMode();
  await selectBackend(backend);
  const model = createVideoModel(config.model);
  await loadGenerator(run, model);
  return { run, config, model };
}

/**
 * The model as a Temporal GAN, for what needs a latent for each frame.
 *
 * @throws UsageError when it is another.
 */
export function asTemporalGan({ run, config, model }: TrainedModel, what: string): VideoGan {
  if (model instanceof VideoGan) return model;
  throw new UsageError(
    `${what} needs a latent for each frame, which the ${config.model.model} of ${run.path} does not have`,
  );
}

/**
 * The label of all videos, where the model takes one.
 *
 * @param name - what `--label` says; missing for the first one.
 * @throws UsageError when there is no such label, or the model takes none.
 */
export async function oneLabelOf(
  { run, config, model }: TrainedModel,
  name: string | undefined,
): Promise<number | undefined> {
  if (name !== undefined) return labelNamed(name, run, config);
  return 'classes' in model.options && model.options.classes > 0 ? 0 : undefined;
}
