import { readFileSync } from 'node:fs';
import { createVideoModel } from '@tgan/video-gan';
import { afterAll, expect, it } from 'vitest';
import { parseConfig } from '../config.js';
import { writeLabels } from '../labels.js';
import { saveNetworks } from '../model-files.js';
import { RunFolder } from '../run-folder.js';
import { readOnnx } from '../testing/run-onnx.js';
import { temporaryFolder, tinyConfig } from '../testing/tiny-run.js';
import { exportRun } from './export.js';

const { at, remove } = temporaryFolder();
afterAll(remove);

it('writes the generator of a conditional run as one ONNX file', async () => {
  const config = parseConfig({ ...tinyConfig, dataset: 'packed', classes: 2 }, 'test');
  const run = await RunFolder.create(at('conditional'));
  await run.keepConfig(config);
  await writeLabels(run, config, ['Archery', 'Biking']);
  const model = createVideoModel({ ...config.model, seed: 7 });
  await saveNetworks(run, model);
  model.dispose();

  const out = await exportRun(run.path, { format: 'onnx', out: at('generator.onnx') });
  const { graph, metadata } = readOnnx(readFileSync(out));
  expect(graph.inputs.map(({ name }) => name)).toEqual(['z0', 'label']);
  expect(metadata).toEqual([{ key: 'labels', value: '["Archery","Biking"]' }]);
});
