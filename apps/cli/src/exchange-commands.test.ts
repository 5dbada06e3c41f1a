import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadModel, loadNetworks, readLabels, RunFolder } from '@tgan/runs';
import { formatNpz } from '@tgan/core';
import { formatSafetensors, parseSafetensors } from '@tgan/wgan-trainer';
import { expectClose, loadReference } from '@tgan/tensor-fixtures';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeRun } from './testing/make-run.js';
import { runTgan } from './testing/run-tgan.js';

const reference = loadReference();
let folder: string;
const at = (...path: string[]) => join(folder, ...path);
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tgan-exchange-'));
  await makeRun(at('conditional'), { classes: 2 }, ['Archery', 'Biking']);
  const files = { gen: 'fsgen', vgen: 'vgen', vdis: 'vdis' } as const;
  for (const [name, network] of Object.entries(files)) {
    writeFileSync(at(`${name}_iter_7.npz`), formatNpz(reference.snapshot('init', network)));
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

async function openRun(path: string) {
  const { run, config, axes } = await RunFolder.open(path);
  const model = await axes.create('model', config, { seed: 0 });
  await loadNetworks(run, model);
  return { run, config, model };
}

const snapshots = () => ['gen', 'vgen', 'vdis'].map((name) => at(`${name}_iter_7.npz`));

describe('tgan import', () => {
  it("makes a run of the original code's snapshots, whose videos are the reference's to 1e-5", async () => {
    const { status, stderr } = await runTgan('import', ...snapshots(), '--out', at('original'));
    expect(stderr).toMatch(
      /^tgan: imported [\d,]+ weights into .*original; try: tgan sample .*original\n$/,
    );
    expect(status).toBe(0);
    const { model } = await openRun(at('original'));
    const { zDim, batch } = reference.config;
    tf.tidy(() => {
      const z0 = tf.tensor2d(reference.z0(0), [batch, zDim]);
      const fake = model.generate(z0, { training: true });
      expectClose(fake, reference.fake().data, 1e-5, 'fake');
      const scores = model.score(fake, { training: true });
      expectClose(scores, reference.array('step1/d_fake').data, 2e-5, 'd_fake');
    });
    model.dispose();
    const sampled = await runTgan('sample', at('original'), '--count', '1', '--out', at('o.gif'));
    expect(sampled.status).toBe(0);
  });

  it('takes back what export made, to the bit, with the configuration and the labels', async () => {
    const file = at('conditional.safetensors');
    const flags = ['--format', 'safetensors', '--out', file];
    expect((await runTgan('export', at('conditional'), ...flags)).status).toBe(0);
    const { arrays } = parseSafetensors(readFileSync(file));
    expect(arrays.get('critic/conv0/kernel')?.shape).toEqual([4, 4, 4, 3, 2]);
    expect(arrays.get('image-generator/bn1/moving_variance')?.shape).toEqual([8]);
    const { status, stdout } = await runTgan('import', file, '--out', at('again'), '--json');
    expect(status).toBe(0);
    const [there, back] = await Promise.all([openRun(at('conditional')), openRun(at('again'))]);
    expect(back.config).toEqual(there.config);
    expect(await readLabels(back.run, back.model.options.classes)).toEqual(['Archery', 'Biking']);
    let weights = 0;
    for (const [name, network] of Object.entries(there.model.networks)) {
      const [a, b] = [network, back.model.networks[name]].map((one) => one.getWeights());
      a.forEach((weight, i) => expectClose(b[i], weight, 0, name));
      weights += network.countParams();
    }
    expect(JSON.parse(stdout)).toEqual({ run: at('again'), weights });
    there.model.dispose();
    back.model.dispose();
  });
});

describe('tgan export --format layers', () => {
  it('writes networks that load by themselves, with a note on how', async () => {
    const flags = ['--format', 'layers', '--out', at('site'), '--json'];
    const { status, stdout } = await runTgan('export', at('conditional'), ...flags);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toEqual({ out: at('site') });
    const readme = readFileSync(at('site', 'README.md'), 'utf8');
    expect(readme).toContain('Labels are one-hot, in this order: Archery, Biking.');
    expect(readme).toContain('| `temporal-generator` | z0 [batch, 4], label [batch, 2] |');
    expect(existsSync(at('site', 'critic'))).toBe(false);

    // As the note has it.
    const temporalGenerator = await loadModel(at('site', 'temporal-generator'));
    const imageGenerator = await loadModel(at('site', 'image-generator'));
    const { model } = await openRun(at('conditional'));
    tf.tidy(() => {
      const z0 = tf.tensor2d([[0.3, -0.7, 0.1, 0.9]]);
      const label = tf.tensor2d([[0, 1]]);
      const lines = [
        'const z1 = temporalGenerator.predict([z0, label]).squeeze([0]);',
        'const frames = imageGenerator.predict([z0.tile([4, 1]), z1, label.tile([4, 1])]); // [4, 8, 8, 1]',
      ];
      for (const line of lines) expect(readme).toContain(line);
      const z1 = (temporalGenerator.predict([z0, label]) as tf.Tensor).squeeze([0]);
      const frames = imageGenerator.predict([z0.tile([4, 1]), z1, label.tile([4, 1])]) as tf.Tensor;
      expect(frames.shape).toEqual([4, 8, 8, 1]);
      const video = model.generate(z0, { labels: tf.tensor1d([1], 'int32') });
      expectClose(frames, video.dataSync(), 1e-6);
    });
    for (const network of [temporalGenerator, imageGenerator, model]) network.dispose();
  });

  it('writes a baseline with one generator network, and never over a folder that is there', async () => {
    await makeRun(at('3d'), { model: '3d' });
    const flags = ['--format', 'layers', '--out', at('site-3d')];
    expect((await runTgan('export', at('3d'), ...flags)).status).toBe(0);
    expect(readFileSync(at('site-3d', 'README.md'), 'utf8')).toContain(
      '| `generator` | z0 [batch, 4] | clip [batch, 4, 8, 8, 1] |',
    );
    const { status, stderr } = await runTgan('export', at('3d'), ...flags);
    expect(stderr).toMatch(/site-3d exists already/);
    expect(status).toBe(2);
  });
});

describe('tgan export --format onnx', () => {
  it('writes the generator as one file', async () => {
    const flags = ['--format', 'onnx', '--out', at('generator.onnx')];
    expect((await runTgan('export', at('conditional'), ...flags)).status).toBe(0);
    // What is in it: export.test.ts of @tgan/runs.
    expect(readFileSync(at('generator.onnx')).includes('tgan')).toBe(true);
  });
});

describe('wrong input', () => {
  beforeAll(async () => {
    writeFileSync(at('cut_gen_iter_7.npz'), readFileSync(at('gen_iter_7.npz')).subarray(0, 900));
    writeFileSync(at('gen_cut.npz'), readFileSync(at('gen_iter_7.npz')).subarray(0, 900));
    const arrays = new Map([['a', { shape: [1], data: Float32Array.of(1) }]]);
    writeFileSync(at('foreign.safetensors'), formatSafetensors({ arrays }));
    await runTgan(
      'export',
      at('conditional'),
      '--format',
      'safetensors',
      '--out',
      at('w.safetensors'),
    );
    const whole = parseSafetensors(readFileSync(at('w.safetensors')));
    const altered = (
      edit: (arrays: Map<string, { shape: readonly number[]; data: Float32Array }>) => void,
    ) => {
      const copy = new Map(whole.arrays);
      edit(copy);
      return formatSafetensors({ ...whole, arrays: copy });
    };
    const kernel = 'critic/conv0/kernel';
    const { shape, data } = whole.arrays.get(kernel)!;
    writeFileSync(
      at('less.safetensors'),
      altered((arrays) => arrays.delete(kernel)),
    );
    writeFileSync(
      at('more.safetensors'),
      altered((arrays) => arrays.set('b', { shape: [0], data: new Float32Array() })),
    );
    writeFileSync(
      at('nan.safetensors'),
      altered((arrays) => arrays.set(kernel, { shape, data: data.map(() => NaN) })),
    );
    writeFileSync(
      at('flat.safetensors'),
      altered((arrays) => arrays.set(kernel, { shape: [data.length], data })),
    );
    const asking = (name: string, change: object) => {
      const config = JSON.stringify({ ...JSON.parse(whole.metadata['config']), ...change });
      const metadata = { ...whole.metadata, config };
      writeFileSync(at(`${name}.safetensors`), formatSafetensors({ ...whole, metadata }));
    };
    asking('wide', { imageWidths: [1_000_000, 8, 8] });
    asking('wide-latents', { latentSize: 2 ** 30 });
    asking('many-classes', { classes: 2 ** 30 });
    asking('large', { imageSize: 2 ** 24 });
    asking('long', { frames: 2 ** 30 });
    await makeRun(at('untrained'));
    rmSync(at('untrained', 'models'), { recursive: true });
  });

  it.each<[string[], RegExp, number]>([
    [
      ['import', 'gen_iter_7.npz', 'vgen_iter_7.npz'],
      /takes three snapshots named like .*; of gen_iter_7.npz, vgen_iter_7.npz/,
      2,
    ],
    [
      ['import', 'cut_gen_iter_7.npz', 'vgen_iter_7.npz', 'vdis_iter_7.npz'],
      /0 are like gen_iter_N.npz/,
      2,
    ],
    [
      ['import', 'gen_cut.npz', 'vgen_iter_7.npz', 'vdis_iter_7.npz'],
      /fsgen: not a readable .npz archive/,
      1,
    ],
    [
      ['import', 'gen_iter_7.npz', 'vgen_iter_7.npz', 'vdis_iter_8.npz'],
      /cannot read .*vdis_iter_8.npz/,
      2,
    ],
    [['import', 'gen_iter_7.npz'], /the archive has no arrays fsgen/, 1],
    [['import', 'foreign.safetensors'], /foreign.safetensors has no config in its metadata/, 1],
    [['import', 'less.safetensors'], /there is no critic\/conv0\/kernel, which the model has/, 1],
    [['import', 'more.safetensors'], /the model has no b$/, 1],
    [['import', 'nan.safetensors'], /critic\/conv0\/kernel contains values that are not finite/, 1],
    [
      ['import', 'flat.safetensors'],
      /critic\/conv0\/kernel is \[384\], but \[4,4,4,3,2\] in the model/,
      1,
    ],
    [
      ['import', 'wide.safetensors'],
      /wide.safetensors: its config says imageWidths 1000000, 8, 8, but it has only \d+ weights$/,
      1,
    ],
    [['import', 'wide-latents.safetensors'], /config says latentSize 1073741824, but it has/, 1],
    [['import', 'many-classes.safetensors'], /config says classes 1073741824, but it has/, 1],
    [['import', 'large.safetensors'], /config says imageSize 16777216, but it has/, 1],
    [['import', 'long.safetensors'], /config says frames 1073741824, but it has/, 1],
    [['export', 'nowhere', '--format', 'layers'], /nowhere holds no run/, 2],
    [['export', 'untrained', '--format', 'layers'], /cannot read .*untrained\/models/, 1],
  ])('%j is told in one line', async (args, message, code) => {
    const paths = args.map((arg) =>
      /^(import|export|--format|layers)$/.test(arg) ? arg : at(arg),
    );
    const { status, stdout, stderr } = await runTgan(...paths, '--out', at('unwanted'));
    expect(stderr.trim()).toMatch(message);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stdout).toBe('');
    expect(status).toBe(code);
  });

  it('a folder that cannot be written or holds a run is told in one line', async () => {
    const taken = await runTgan('import', ...snapshots(), '--out', at('conditional'));
    expect(taken.stderr).toMatch(/already holds a run/);
    const out = at('foreign.safetensors', 'x');
    const under = await runTgan(
      'export',
      at('conditional'),
      '--format',
      'safetensors',
      '--out',
      out,
    );
    expect(under.stderr).toMatch(
      /cannot write .*foreign.safetensors\/x: a file is in the way \(ENOTDIR\)/,
    );
    expect([taken.status, under.status]).toEqual([2, 2]);
  });
});
