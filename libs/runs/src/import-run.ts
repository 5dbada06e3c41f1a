import { readFile } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { fileReason } from '@tgan/core/node';
import { importChainer, type ChainerSizes } from '@tgan/chainer';
import { VideoGan, type VideoModel } from '@tgan/video-gan';
import { parseSafetensors, SafetensorsError, type Safetensors } from '@tgan/wgan-trainer';
import * as tf from '@tensorflow/tfjs';
import { parseConfig, type RunConfig } from './config/config.js';
import { UsageError } from './errors.js';
import { assignWeights } from './export/model-weights.js';
import { weightsFileOf } from './export/weights-file.js';
import { writeLabels } from './labels.js';
import { saveNetworks } from './networks.js';
import { RunFolder } from './run-folder.js';
import { storing } from './storage.js';
import { countWeights } from './train.js';
import { removeLeftovers } from './write-file.js';

interface Imported {
  readonly model: VideoModel;
  readonly config: RunConfig;
  readonly labels?: readonly string[];
}

/**
 * Makes a run folder from weights, so that they can be sampled.
 *
 * Makes `cpu` the backend, because nothing is computed.
 *
 * @param paths - one .safetensors file of `exportRun`, one .npz archive with all arrays of the
 * original code, or its three snapshots.
 * @param folder - the run folder to make.
 * @returns the number of weights.
 * @throws UsageError when a file cannot be read or the folder holds a run; SafetensorsError or
 * ChainerImportError when a file is damaged or fits no model.
 */
export async function importRun(paths: readonly string[], folder: string): Promise<number> {
  tf.enableProdMode();
  await tf.setBackend('cpu');
  const { model, config, labels } =
    paths.length === 1 && extname(paths[0]) === '.safetensors'
      ? await ofWeightsFile(paths[0])
      : await ofChainer(paths);
  const run = await RunFolder.create(folder, 'imports weights into');
  try {
    await storing(run, async () => {
      await removeLeftovers(run.path);
      await writeLabels(run, model.options.classes, labels);
      await saveNetworks(run, model);
      await run.keepConfig(config);
    });
  } finally {
    await run.unlock();
  }
  const weights = countWeights(model);
  model.dispose();
  return weights;
}

async function ofWeightsFile(path: string): Promise<Imported> {
  const { config, axes, labels, arrays } = await weightsFileOf(
    parseSafetensors(await read(path)),
    path,
  );
  refuseLarger(axes.optionsOf('model', config), arrays, path);
  const model = await axes.create('model', config, { seed: 0 });
  assignWeights(model, arrays);
  return { model, config, labels };
}

/**
 * A model is built only where the file has weights enough for it: a layer has at least as many as
 * its width times that of the layer before. The first kernels are as long and wide as what the
 * other layers, one for each width at most, double to a clip.
 *
 * @throws SafetensorsError
 */
function refuseLarger(
  options: Readonly<Record<string, unknown>>,
  arrays: Safetensors['arrays'],
  path: string,
): void {
  const there = [...arrays.values()].reduce((sum, { data }) => sum + data.length, 0);
  const lists = Object.values(options).filter((value) => Array.isArray(value));
  // A model of a user may have no widths, and nothing is known of its first kernels then.
  const depth = lists.length > 0 ? Math.max(...lists.map(({ length }) => length)) : Infinity;
  const doublings = 2 ** depth;
  for (const [key, value] of Object.entries(options)) {
    if (!/Widths?$|Size$|^(channels|classes|frames)$/.test(key) || value === undefined) continue;
    const widths = (Array.isArray(value) ? value : [value]) as number[];
    let needed = widths.reduce((sum, width, i) => sum + width * (i > 0 ? widths[i - 1] : 1), 0);
    if (key === 'frames') needed /= doublings;
    if (key === 'imageSize') needed = (needed / doublings) ** 2;
    if (needed <= there) continue;
    throw new SafetensorsError(
      `${path}: its config says ${key} ${widths.join(', ')}, but it has only ${there} weights`,
    );
  }
}

async function ofChainer(paths: readonly string[]): Promise<Imported> {
  const files = paths.length === 1 ? await read(paths[0]) : await snapshots(paths);
  let sizes: ChainerSizes | undefined;
  const model = importChainer(files, (read) => new VideoGan((sizes = read)));
  // The snapshots do not say what they were trained on.
  const config = parseConfig({ dataset: 'packed', ...sizes }, 'the snapshots');
  return { model, config };
}

/** The three snapshots, recognized by the names of the original code. */
async function snapshots(paths: readonly string[]) {
  const find = (pattern: RegExp, like: string) => {
    const found = paths.filter((path) => pattern.test(basename(path)));
    if (found.length === 1 && paths.length === 3) return read(found[0]);
    throw new UsageError(
      `import takes three snapshots named like gen_iter_N.npz, vgen_iter_N.npz and vdis_iter_N.npz; of ${paths.map((path) => basename(path)).join(', ')}, ${found.length} are like ${like}`,
    );
  };
  const [fsgen, vgen, vdis] = await Promise.all([
    find(/^(fs)?gen/, 'gen_iter_N.npz'),
    find(/^vgen/, 'vgen_iter_N.npz'),
    find(/^vdis/, 'vdis_iter_N.npz'),
  ]);
  return { fsgen, vgen, vdis };
}

async function read(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    throw new UsageError(`cannot read ${path}: ${fileReason(error)}`, { cause: error });
  }
}
