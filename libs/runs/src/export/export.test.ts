import { readFileSync } from 'node:fs';
import { afterAll, expect, it } from 'vitest';
import { builtInAxes } from '../config/axes.js';
import { parseConfig } from '../config/config.js';
import { writeLabels } from '../labels.js';
import { saveNetworks } from '../networks.js';
import { RunFolder } from '../run-folder.js';
import { readOnnx } from '../testing/run-onnx.js';
import { temporaryFolder, tinyConfig } from '../testing/tiny-run.js';
import { exportRun } from './export.js';

const { at, remove } = temporaryFolder();
afterAll(remove);

it('writes the generator of a conditional run as one ONNX file', async () => {
  const { digits: _digits, ...sizes } = tinyConfig;
  const config = parseConfig({ ...sizes, dataset: 'packed', classes: 2 }, 'test');
  const run = await RunFolder.create(at('conditional'));
  await run.keepConfig(config);
  await writeLabels(run, 2, ['Archery', 'Biking']);
  const model = await builtInAxes.create('model', config, { seed: 7 });
  await saveNetworks(run, model);
  model.dispose();

  const out = await exportRun(run.path, { format: 'onnx', out: at('generator.onnx') });
  const { graph, metadata } = readOnnx(readFileSync(out));
  expect(graph.inputs.map(({ name }) => name)).toEqual(['z0', 'label']);
  expect(metadata).toEqual([{ key: 'labels', value: '["Archery","Biking"]' }]);
});
