import { models, type VideoModel } from '@tgan/video-gan';
import * as tf from '@tensorflow/tfjs';
import { parse } from 'yaml';

/** A file of a run folder, by its path in it. Rejects when there is none. */
export type ReadFile = (path: string) => Promise<Blob>;

/** The run in a folder on the web. */
export function runAt(url: string): ReadFile {
  return async (path) => {
    const response = await fetch(`${url}/${path}`);
    if (!response.ok) throw new Error(`cannot load ${url}/${path}: ${response.status}`);
    return response.blob();
  };
}

/**
 * The model of a run, with the trained weights of its generator. Its critic is a fresh one. The
 * caller disposes it.
 *
 * @throws Error when a file is missing or damaged, or the weights do not fit the configuration.
 */
export async function openRun(read: ReadFile): Promise<VideoModel> {
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

/** The model of a run's configuration, with fresh weights. */
export async function createModel(config: unknown, name: string): Promise<VideoModel> {
  if (typeof config !== 'object' || config === null) {
    throw new Error(`${name} is not a configuration`);
  }
  const { model = 'tgan', ...values } = config as Record<string, unknown>;
  const keys = Object.keys(models.get(String(model)).options.shape);
  // The rest of the configuration is about training.
  const options = Object.fromEntries(Object.entries(values).filter(([key]) => keys.includes(key)));
  return models.create(String(model), options, { seed: 0 });
}

/** Reads the weights alone: tfjs would build the network once more. */
export async function loadNetwork(
  network: tf.LayersModel,
  read: ReadFile,
  folder: string,
): Promise<void> {
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
