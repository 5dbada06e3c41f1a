import { readFile } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { createVideoModel, importChainer, type VideoModel } from '@tgan/video-gan';
import { parseSafetensors } from '@tgan/wgan-trainer';
import * as tf from '@tensorflow/tfjs';
import { parseConfig, type RunConfig } from '../config.js';
import { UsageError } from '../errors.js';
import { writeLabels } from '../labels.js';
import { RunFolder } from '../run-folder.js';
import { assignWeights, weightsFileOf } from '../weights-file.js';
import { saveNetworks } from '../weights.js';

/** What `tgan import` takes. */
export interface ImportOptions {
  /** The run folder to make. */
  readonly out: string;
  readonly json?: boolean;
}

interface Imported {
  readonly model: VideoModel;
  readonly config: RunConfig;
  readonly labels?: readonly string[];
}

/** Makes a run folder of snapshots or exported weights. */
export async function importRun(paths: readonly string[], options: ImportOptions): Promise<void> {
  tf.enableProdMode();
  await tf.setBackend('cpu'); // nothing is computed
  const { model, config, labels } =
    paths.length === 1 && extname(paths[0]) === '.safetensors'
      ? await ofWeightsFile(paths[0])
      : await ofChainer(paths);
  const run = await RunFolder.create(options.out);
  await writeLabels(run, config, labels);
  await saveNetworks(run, model);
  await run.keepConfig(config);
  const weights = Object.values(model.networks).reduce((sum, n) => sum + n.countParams(), 0);
  model.dispose();
  process.stderr.write(
    `tgan: ${weights.toLocaleString('en')} weights in ${run.path}; tgan sample ${run.path} shows what they make\n`,
  );
  if (options.json) process.stdout.write(`${JSON.stringify({ run: run.path, weights })}\n`);
}

async function ofWeightsFile(path: string): Promise<Imported> {
  const file = weightsFileOf(parseSafetensors(await read(path)), path);
  const model = createVideoModel(file.config.model);
  assignWeights(model, file.arrays);
  return { model, config: file.config, labels: file.labels };
}

async function ofChainer(paths: readonly string[]): Promise<Imported> {
  const model =
    paths.length === 1
      ? importChainer(await read(paths[0]))
      : importChainer(await snapshots(paths));
  const { seed: _seed, ...sizes } = model.options;
  // The snapshots do not say what they learned from.
  const config = parseConfig({ dataset: 'packed', ...sizes }, 'the snapshots');
  return { model, config };
}

/** The three snapshots, told apart by the names that the original code gives them. */
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
    throw new UsageError(`cannot read ${path}: ${(error as Error).message}`);
  }
}
