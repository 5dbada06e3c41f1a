import { stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { saveModel, writeFileAtomic } from '@tgan/runs';
import { createVideoModel } from '@tgan/video-gan';
import * as tf from '@tensorflow/tfjs';
import { UsageError } from '../errors.js';
import { readLabels } from '../labels.js';
import { generatorOf, layersReadme } from '../layers-readme.js';
import { onnxGenerator } from '../onnx/generator.js';
import { RunFolder } from '../run-folder.js';
import { formatWeightsFile, weightsOf } from '../weights-file.js';
import { loadGenerator, loadNetworks } from '../weights.js';

/** What is added to the run's name where no other is given. */
const endings = { layers: '-layers', safetensors: '.safetensors', onnx: '.onnx' };

/** What `tgan export` takes. */
export interface ExportOptions {
  readonly format: keyof typeof endings;
  /** The folder or file to write. */
  readonly out?: string;
  readonly json?: boolean;
}

/** Writes what a run learned in a form that other programs read. */
export async function exportRun(folder: string, options: ExportOptions): Promise<void> {
  const { run, config } = await RunFolder.open(folder);
  tf.enableProdMode();
  await tf.setBackend('cpu'); // nothing is computed
  const model = createVideoModel(config.model);
  // A page that makes videos needs no critic, and a run may have come without.
  await (options.format === 'safetensors' ? loadNetworks : loadGenerator)(run, model);
  const name = basename(resolve(folder));
  const labels = await readLabels(run, config);

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
  }[options.format];
  const out = options.out ?? `${name}${endings[options.format]}`;
  try {
    await write(out);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    throw new UsageError(`cannot write ${out}: ${code ?? message}`);
  }
  model.dispose();
  process.stderr.write(`tgan: the weights of ${run.path} in ${out}\n`);
  if (options.json) process.stdout.write(`${JSON.stringify({ out })}\n`);
}

const isThere = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );
