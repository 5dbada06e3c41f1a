import { models, type VideoModel } from '@tgan/video-gan';
import * as tf from '@tensorflow/tfjs';
import { parse } from 'yaml';

/** A file of a run folder, by its path in the folder. Rejects when there is none. */
export type ReadFile = (path: string) => Promise<Blob>;

/** The run in a folder on the web. */
export function runAt(url: string): ReadFile {
  return async (path) => {
    const response = await fetch(`${url}/${path}`);
    if (!response.ok) throw new Error(`cannot load ${url}/${path}: ${response.status}`);
    return response.blob();
  };
}

/** The run in a folder that was picked on this computer. */
export function runIn(files: Iterable<File>): ReadFile {
  const byPath = new Map(
    // The first part is the name of the folder itself.
    Array.from(files, (file) => [file.webkitRelativePath.split('/').slice(1).join('/'), file]),
  );
  return async (path) => {
    const file = byPath.get(path);
    if (!file)
      throw new Error(`there is no ${path} in this folder; pick the folder of a finished run`);
    return file;
  };
}

/**
 * The model of a run, with the trained weights of its generator. Its critic is a fresh one. The
 * caller disposes it.
 *
 * @throws Error when a file is missing or damaged, or the weights do not fit the configuration.
 */
export async function loadRun(read: ReadFile): Promise<VideoModel> {
  const config: unknown = parse(await (await read('config.yaml')).text());
  if (typeof config !== 'object' || config === null)
    throw new Error('config.yaml is not a configuration');
  const { model: name = 'tgan', ...values } = config as Record<string, unknown>;
  const keys = Object.keys(models.get(String(name)).options.shape);
  // The rest of the configuration is about training.
  const options = Object.fromEntries(Object.entries(values).filter(([key]) => keys.includes(key)));
  const model = await models.create(String(name), options, { seed: 0 });
  try {
    for (const [name, network] of Object.entries(model.networks)) {
      if (network === model.critic) continue;
      const trained = await loadNetwork(read, `models/${name}`);
      network.setWeights(trained.getWeights());
      trained.dispose();
    }
    return model;
  } catch (error) {
    model.dispose();
    throw error;
  }
}

/** The names of a conditional model's labels, as the run's data set has them; else none. */
export async function labelNames(read: ReadFile, model: VideoModel): Promise<readonly string[]> {
  const { classes = 0 } = model.options;
  if (classes === 0) return [];
  const names: unknown = await read('labels.json')
    .then((file) => file.text())
    .then(JSON.parse)
    .catch(() => undefined);
  return Array.from({ length: classes }, (_, i) =>
    String((names as unknown[] | undefined)?.[i] ?? i),
  );
}

async function loadNetwork(read: ReadFile, folder: string): Promise<tf.LayersModel> {
  const files = ['model.json', 'weights.bin'].map(
    async (name) => new File([await read(`${folder}/${name}`)], name),
  );
  return tf.loadLayersModel(tf.io.browserFiles(await Promise.all(files)));
}
