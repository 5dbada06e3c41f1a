import { stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { UsageError } from '../errors.js';
import { readLabels } from '../labels.js';
import { loadGenerator, loadNetworks, saveModel } from '../model-files.js';
import { RunFolder } from '../run-folder.js';
import { writeFileAtomic } from '../write-file.js';
import { generatorOf, layersReadme } from './layers.js';
import { onnxGenerator } from './onnx.js';
import { formatWeightsFile, weightsOf } from './weights-file.js';

/** What is added to the run's name where no other is given. */
const endings = { layers: '-layers', safetensors: '.safetensors', onnx: '.onnx' };

/** A form that {@link exportRun} writes. */
export type ExportFormat = keyof typeof endings;

/** The forms that {@link exportRun} writes. */
export const exportFormats = Object.keys(endings) as ExportFormat[];

/**
 * Writes what a run learned in a form that other programs read: `layers`, a folder with the
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
export async function exportRun(
  folder: string,
  options: { readonly format: ExportFormat; readonly out?: string },
): Promise<string> {
  const { format } = options;
  const { run, config, axes } = await RunFolder.open(folder);
  tf.enableProdMode();
  await tf.setBackend('cpu');
  const model = await axes.create('model', config, { seed: 0 });
  // A page that makes videos needs no critic, and a run may have come without.
  await (format === 'safetensors' ? loadNetworks : loadGenerator)(run, model);
  const name = basename(resolve(folder));
  const labels = await readLabels(run, model.options.classes);

  const write = {
    layers: async (out: string) => {
      if (await isThere(out)) {
        throw new UsageError(`${out} is there already; choose another folder with --out`);
      }
      for (const [network, layers] of Object.entries(generatorOf(model))) {
        await saveModel(layers, join(out, network));
      }
      await writeFileAtomic(join(out, 'README.md'), Buffer.from(layersReadme(name, model, labels)));
    },
    safetensors: async (out: string) => {
      const bytes = formatWeightsFile({ config, labels, arrays: await weightsOf(model) });
      await writeFileAtomic(out, bytes);
    },
    onnx: async (out: string) => {
      const bytes = onnxGenerator(model, { labels: JSON.stringify(labels) });
      await writeFileAtomic(out, bytes);
    },
  }[format];
  const out = options.out ?? `${name}${endings[format]}`;
  try {
    await write(out);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new UsageError(`cannot write ${out}: ${code}`, { cause: error });
  } finally {
    model.dispose();
  }
  return out;
}

const isThere = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );
