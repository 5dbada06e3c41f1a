import { readConfig, RunFolder, saveNetworks, writeLabels } from '@tgan/runs';

/** Sizes at which a command takes no time. */
const sizes = { dataset: 'packed', latentSize: 4, frames: 4, imageSize: 8, criticWidths: [2, 2] };

/** A run with fresh weights, as if it had been trained: by default a tiny Temporal GAN. */
export async function makeRun(
  path: string,
  values: Record<string, unknown> = {},
  labels: readonly string[] = [],
): Promise<void> {
  const { model: name = 'tgan' } = values;
  const widths = ['tgan', 'tgan-z1'].includes(name as string)
    ? { temporalWidths: [8, 8], imageWidths: [16, 8, 8], initializer: 'he' }
    : { generatorWidths: [16, 8] };
  const { config, axes } = await readConfig({ ...sizes, ...widths, ...values }, 'test');
  const run = await RunFolder.create(path);
  await run.keepConfig(config);
  const model = await axes.create('model', config, { seed: 7 });
  await writeLabels(run, model.options.classes, labels);
  await saveNetworks(run, model);
  model.dispose();
}
