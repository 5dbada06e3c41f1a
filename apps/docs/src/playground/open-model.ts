import { assignWeights } from '@tgan/runs/weights';
import { models, type VideoModel } from '@tgan/video-gan';
import { parseSafetensors } from '@tgan/wgan-trainer';
import * as tf from '@tensorflow/tfjs';
import { parse } from 'yaml';

/** A model with trained weights. */
export interface OpenModel {
  /** The caller disposes it. */
  readonly model: VideoModel;
  /** The names of its labels; none for an unconditional model. */
  readonly labels: readonly string[];
}

/** A file of a run folder, by its path in it. Rejects when there is none. */
type ReadFile = (path: string) => Promise<Blob>;

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

async function openRun(read: ReadFile): Promise<VideoModel> {
  const config: unknown = parse(await (await read('config.yaml')).text());
  const model = await createModel(config, 'config.yaml');
  try {
    const generators = Object.entries(model.networks).filter(
      ([, network]) => network !== model.critic,
    );
    await Promise.all(
      generators.map(([name, network]) => loadNetwork(network, read, `models/${name}`)),
    );
    return model;
  } catch (error) {
    model.dispose();
    throw error;
  }
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

/** The model of a run's configuration, with fresh weights. */
async function createModel(config: unknown, name: string): Promise<VideoModel> {
  if (typeof config !== 'object' || config === null) {
    throw new Error(`${name} is not a configuration`);
  }
  const { model = 'tgan', ...values } = config as Record<string, unknown>;
  const keys = Object.keys(models.get(String(model)).options.shape);
  // The rest of the configuration is about training.
  const options = Object.fromEntries(Object.entries(values).filter(([key]) => keys.includes(key)));
  return models.create(String(model), options, { seed: 0 });
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

/** Reads the weights alone: tfjs would build the network once more. */
async function loadNetwork(network: tf.LayersModel, read: ReadFile, folder: string): Promise<void> {
  const [json, bin] = await Promise.all(
    ['model.json', 'weights.bin'].map((name) => read(`${folder}/${name}`)),
  );
  const { weightsManifest } = JSON.parse(await json.text()) as tf.io.ModelJSON;
  const specs = weightsManifest.flatMap(({ weights }) => weights);
  const values = tf.io.decodeWeights(await bin.arrayBuffer(), specs);
  try {
    const { weights } = network;
    const fit =
      specs.length === weights.length &&
      weights.every(({ shape }, i) => String(specs[i].shape) === String(shape));
    if (!fit) {
      throw new Error(`the weights in ${folder} are not those of the model in config.yaml`);
    }
    weights.forEach((weight, i) => weight.write(values[specs[i].name]));
  } finally {
    tf.dispose(values);
  }
}
