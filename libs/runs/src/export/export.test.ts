import { cpSync, existsSync, readdirSync, readFileSync, utimesSync } from 'node:fs';
import { afterAll, afterEach, expect, it, vi } from 'vitest';
import { builtInAxes } from '../config/axes.js';
import { parseConfig } from '../config/config.js';
import { writeLabels } from '../labels.js';
import * as files from '../model-files.js';
import { saveNetworks } from '../networks.js';
import { RunFolder } from '../run-folder.js';
import { readOnnx } from '../testing/run-onnx.js';
import { temporaryFolder, tinyConfig } from '../testing/tiny-run.js';
import { exportRun } from './export.js';

vi.mock('../model-files.js', async (original) => {
  const real = await original<typeof files>();
  return { ...real, saveModel: vi.fn(real.saveModel) };
});
const { saveModel } = await vi.importActual<typeof files>('../model-files.js');
const save = vi.mocked(files.saveModel);
afterEach(() => void save.mockImplementation(saveModel));

const { at, remove } = temporaryFolder();
afterAll(remove);

async function conditionalRun(name: string): Promise<RunFolder> {
  const { digits: _digits, ...sizes } = tinyConfig;
  const config = parseConfig({ ...sizes, dataset: 'packed', classes: 2 }, 'test');
  const run = await RunFolder.create(at(name));
  await run.keepConfig(config);
  await writeLabels(run, 2, ['Archery', 'Biking']);
  const model = await builtInAxes.create('model', config, { seed: 7 });
  await saveNetworks(run, model);
  model.dispose();
  return run;
}

it('writes the generator of a conditional run as one ONNX file', async () => {
  const run = await conditionalRun('conditional');
  const out = await exportRun(run.path, { format: 'onnx', out: at('generator.onnx') });
  const { graph, metadata } = readOnnx(readFileSync(out));
  expect(graph.inputs.map(({ name }) => name)).toEqual(['z0', 'label']);
  expect(metadata).toEqual([{ key: 'labels', value: '["Archery","Biking"]' }]);
});

it('makes the folder of layers whole or not at all, also when it is killed', async () => {
  const run = await conditionalRun('layers/run');
  const out = at('layers', 'site');
  const exportTo = (path: string) => exportRun(run.path, { format: 'layers', out: path });
  let saved = 0;
  save.mockImplementation(async (model, folder) => {
    await saveModel(model, folder);
    saved++;
    expect(existsSync(out)).toBe(false);
    // As kill -9 here would leave it.
    if (saved === 1) cpSync(at('layers'), at('killed'), { recursive: true });
  });
  await exportTo(out);
  save.mockImplementation(saveModel);
  expect(saved).toBe(2);
  expect(readdirSync(at('layers')).sort()).toEqual(['run', 'site']);
  const whole = ['README.md', 'image-generator', 'temporal-generator'];
  expect(readdirSync(out).sort()).toEqual(whole);

  const [half] = readdirSync(at('killed')).filter((name) => name.startsWith('.site.'));
  expect(readdirSync(at('killed', half))).toEqual(['temporal-generator']);
  utimesSync(at('killed', half), 1, 1);
  await exportTo(at('killed', 'site'));
  expect(readdirSync(at('killed')).sort()).toEqual(['run', 'site']);
  expect(readdirSync(at('killed', 'site')).sort()).toEqual(whole);
});

it('leaves nothing of layers that cannot be written', async () => {
  const run = await conditionalRun('full/run');
  const error = Object.assign(new Error('ENOSPC: write'), { code: 'ENOSPC' });
  save.mockImplementationOnce(saveModel).mockRejectedValueOnce(error);
  const exporting = exportRun(run.path, { format: 'layers', out: at('full', 'site') });
  await expect(exporting).rejects.toThrow(/cannot write .*site: the disk is full \(ENOSPC\)$/);
  expect(readdirSync(at('full'))).toEqual(['run']);
});
