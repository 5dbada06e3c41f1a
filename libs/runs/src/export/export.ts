import { rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { fileProblem, fileReason, syncFolder } from '@tgan/core/node';
import * as tf from '@tensorflow/tfjs';
import { UsageError } from '../errors.js';
import type { RunConfig } from '../config/config.js';
import { readLabels } from '../labels.js';
import { saveModel } from '../model-files.js';
import { isThere } from '../read-file.js';
import { RunFolder } from '../run-folder.js';
import { loadWeights, type WeightsChoice } from '../run-weights.js';
import { makeFolder, temporaryName, writeOutput } from '../write-file.js';
import { generatorOf, layersReadme } from './layers.js';
import { onnxGenerator } from './onnx.js';
import { formatWeightsFile, weightsOf } from './model-weights.js';

/** Appended to the name of the run if no other name is given. */
const endings = { layers: '-layers', safetensors: '.safetensors', onnx: '.onnx' };

/** A format that {@link exportRun} writes. */
export type ExportFormat = keyof typeof endings;

/** The options of {@link exportRun}. */
export interface ExportOptions extends WeightsChoice {
  readonly format: ExportFormat;
  readonly out?: string;
}

/**
 * Writes the weights of a run in a format that other programs read: `layers`, a folder with the
 * generator's networks as TensorFlow.js layers models and a note on how to load them;
 * `safetensors`, one file with all weights by name; `onnx`, one file with the whole generator.
 *
 * Makes `cpu` the backend, because nothing is computed.
 *
 * @param folder - the run folder.
 * @param options - `format`, and `out`: the folder or file to write. Default: named after the run.
 * @returns what was written.
 * @throws UsageError when there is no run, or `out` cannot be written; ModelFileError when the run
 * has no weights yet or they are damaged.
 */
export async function exportRun(folder: string, options: ExportOptions): Promise<string> {
  const { format } = options;
  const { run, config, axes } = await RunFolder.open(folder);
  tf.enableProdMode();
  await tf.setBackend('cpu');
  const model = await axes.create('model', config, { seed: 0 });
  // A page that makes videos needs no critic, and an imported run may have none.
  const critic = format === 'safetensors';
  await loadWeights(run, model, config.steps, { ...options, critic });
  const name = basename(resolve(folder));
  const labels = await readLabels(run, model.options.classes);

  const write = {
    layers: async (out: string) => {
      if (await isThere(out)) {
        throw new UsageError(`${out} exists already; choose another folder with --out`);
      }
      // The folder appears only when it is complete.
      await makeFolder(dirname(resolve(out)));
      const half = await temporaryName(out);
      try {
        for (const [network, layers] of Object.entries(generatorOf(model))) {
          await saveModel(layers, join(half, network));
        }
        const readme = Buffer.from(layersReadme(name, model, labels));
        await writeOutput(join(half, 'README.md'), readme);
        await rename(half, out);
        await syncFolder(dirname(resolve(out)));
      } catch (error) {
        await rm(half, { recursive: true, force: true });
        throw error;
      }
    },
    safetensors: async (out: string) => {
      // The path of the data on this machine is useless elsewhere.
      const { data: _data, ...rest } = config;
      const shared = rest as RunConfig;
      const bytes = formatWeightsFile({ config: shared, labels, arrays: await weightsOf(model) });
      await writeOutput(out, bytes);
    },
    onnx: async (out: string) => {
      const bytes = onnxGenerator(model, { labels: JSON.stringify(labels) });
      await writeOutput(out, bytes);
    },
  }[format];
  const out = options.out ?? `${name}${endings[format]}`;
  try {
    await write(out);
  } catch (error) {
    if (!fileProblem(error)) throw error;
    throw new UsageError(`cannot write ${out}: ${fileReason(error)}`, { cause: error });
  } finally {
    model.dispose();
  }
  return out;
}
