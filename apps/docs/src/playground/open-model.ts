import { assignWeights } from '@tgan/runs/weights';
import type { VideoModel } from '@tgan/video-gan';
import { parseSafetensors } from '@tgan/wgan-trainer';
import { createModel, openRun, type ReadFile } from '../model/run.js';

/** A model with trained weights. */
export interface OpenModel {
  /** The caller disposes it. */
  readonly model: VideoModel;
  /** The names of its labels; none for an unconditional model. */
  readonly labels: readonly string[];
}

/**
 * The model in a run folder, or in one `.safetensors` that `tgan export` made. A run folder's
 * critic is not read: the model has a fresh one.
 *
 * @param files - by their paths in the folder.
 * @throws Error when a file is missing or damaged, or the weights do not fit the configuration.
 */
export async function openModel(files: ReadonlyMap<string, Blob>): Promise<OpenModel> {
  const [path] = files.keys();
  if (files.size === 1 && path.endsWith('.safetensors')) return openWeights(files.get(path)!);
  const read = readerOf(files);
  const model = await openRun(read);
  return { model, labels: await readLabels(read, model) };
}

function readerOf(files: ReadonlyMap<string, Blob>): ReadFile {
  return async (path) => {
    const file = files.get(path);
    if (file) return file;
    throw new Error(
      `there is no ${path} here; drop the folder of a finished run, or a .safetensors of tgan export`,
    );
  };
}

async function openWeights(file: Blob): Promise<OpenModel> {
  const { arrays, metadata } = parseSafetensors(new Uint8Array(await file.arrayBuffer()));
  if (!metadata.config) {
    throw new Error('the file has no configuration: drop one that tgan export made');
  }
  const model = await createModel(JSON.parse(metadata.config), "the file's configuration");
  try {
    assignWeights(model, arrays);
    return { model, labels: labelNames(JSON.parse(metadata.labels ?? '[]'), model) };
  } catch (error) {
    model.dispose();
    throw error;
  }
}

async function readLabels(read: ReadFile, model: VideoModel): Promise<readonly string[]> {
  const names: unknown = await read('labels.json')
    .then((file) => file.text())
    .then(JSON.parse)
    .catch(() => undefined);
  return labelNames(names, model);
}

/** The names of a model's labels, or their numbers where they have none. */
const labelNames = (names: unknown, { options: { classes = 0 } }: VideoModel): readonly string[] =>
  Array.from({ length: classes }, (_, i) => String((Array.isArray(names) ? names[i] : null) ?? i));
