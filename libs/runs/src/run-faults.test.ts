import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { lockFile } from '@tgan/core/node';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkpointSteps } from './checkpoints.js';
import { loadConfig } from './config/presets.js';
import { loadModel } from './model-files.js';
import { Metrics, MetricsFile } from './plot/metrics-file.js';
import { runPanels } from './plot/panels.js';
import { drawMetrics } from './plot/plot-runs.js';
import { RunFolder } from './run-folder.js';
import { temporaryFolder, tinyConfig } from './testing/tiny-run.js';
import { resume, train } from './train.js';
import { openRun } from './trained-run.js';

const { at, remove } = temporaryFolder();
afterAll(remove);
const config = { ...tinyConfig, backend: 'cpu', tensorboard: false };
beforeAll(() => train(config, { folder: at('done') }), 300_000);

/** A copy of a run of 12 steps with checkpoints of 5, 10 and 12. */
function copy(name: string): string {
  cpSync(at('done'), at(name), { recursive: true });
  return at(name);
}
const checkpointsOf = (run: string) => readdirSync(`${run}/checkpoints`).sort();
const stepsOf = (run: string) =>
  readFileSync(`${run}/metrics.jsonl`, 'utf8').trim().split('\n').length;

describe('the lock of a run', () => {
  it('lets one process train in a folder, and names it', async () => {
    const run = copy('locked');
    const lock = await lockFile(`${run}/.lock`, 'trains it');
    const before = checkpointsOf(run);
    const message = new RegExp(`^process ${process.pid} trains it: wait for it or end it`);
    await expect(resume(run, { changes: { steps: 13 } })).rejects.toThrow(message);
    rmSync(`${run}/config.yaml`);
    await expect(train(config, { folder: run })).rejects.toThrow(message);
    expect(checkpointsOf(run)).toEqual(before);
    await lock.release();
  });

  it('is taken over from a process that was killed, and given back in the end', async () => {
    const run = copy('killed');
    const lock = await lockFile(`${run}/.lock`, 'trains it');
    await lock.release();
    const { pid } = spawnSync(process.execPath, ['--version']);
    writeFileSync(`${run}/.lock`, JSON.stringify({ ...lock.owner, pid, started: '1' }));
    expect(await resume(run)).toMatchObject({ stepsDone: 12 });
    expect(existsSync(`${run}/.lock`)).toBe(false);
  });
});

describe('what cannot be read', () => {
  it.each(['metrics.jsonl', 'data.json', 'checkpoints'])(
    'is not taken for absent: %s',
    async (name) => {
      const run = copy(`unreadable-${name}`);
      // A folder where a file should be, and the other way around, cannot be read by root either.
      const wasFile = statSync(`${run}/${name}`).isFile();
      rmSync(`${run}/${name}`, { recursive: true });
      if (wasFile) mkdirSync(`${run}/${name}`);
      else writeFileSync(`${run}/${name}`, '');
      const models = readFileSync(`${run}/models/weights.json`);
      await expect(resume(run)).rejects.toThrow(/^cannot .*in the way \((EISDIR|ENOTDIR)\)/);
      expect(existsSync(`${run}/${name}`)).toBe(true);
      expect(readFileSync(`${run}/models/weights.json`)).toEqual(models);
    },
  );

  it('is told of config.yaml and labels too', async () => {
    const run = copy('no-yaml');
    writeFileSync(`${run}/config.yaml`, 'steps: [1');
    await expect(RunFolder.open(run)).rejects.toThrow(/config.yaml is not YAML: /);
    rmSync(`${run}/config.yaml`);
    await expect(RunFolder.open(run)).rejects.toThrow(/holds no run/);
    mkdirSync(`${run}/config.yaml`);
    await expect(RunFolder.open(run)).rejects.toThrow(/^cannot read .*a folder is in the way/);
  });
});

describe('resume from an earlier step', () => {
  it('refuses a step that has no checkpoint, and changes nothing', async () => {
    const run = copy('refused');
    const before = readFileSync(`${run}/config.yaml`, 'utf8');
    const going = resume(run, { from: 1500, changes: { learningRate: 2e-5 } });
    await expect(going).rejects.toThrow(/no checkpoint to go on from of step 1500; .*: 12, 10, 5$/);
    expect(readFileSync(`${run}/config.yaml`, 'utf8')).toBe(before);
  });

  it('leaves no later checkpoint, metrics or weights to a process that is killed at once', async () => {
    const run = copy('branch');
    const stop = new AbortController();
    const dies = resume(run, {
      from: 5,
      signal: stop.signal,
      onStep() {
        // As kill -9 after the first step would leave it.
        cpSync(run, at('branch-killed'), { recursive: true });
        stop.abort();
      },
    });
    await dies;
    const killed = at('branch-killed');
    rmSync(`${killed}/.lock`);
    expect(await checkpointSteps((await RunFolder.open(killed)).run)).toEqual([5]);
    expect(existsSync(`${killed}/models`)).toBe(false);
    expect(stepsOf(killed)).toBe(6);
    const notes: string[] = [];
    const sampled = await openRun(killed, { backend: 'cpu', onNote: (note) => notes.push(note) });
    expect(sampled.step).toBe(5);
    expect(notes).toEqual(['the weights are of step 5 of 12']);
    sampled.dispose();
    expect(await resume(killed)).toMatchObject({ stepsDone: 12 });
    expect(stepsOf(killed)).toBe(12);
  });

  it('tells what it changes in config.yaml where the checkpoint had it so', async () => {
    const run = copy('told');
    const path = `${run}/config.yaml`;
    writeFileSync(path, readFileSync(path, 'utf8').replace('steps: 12', 'steps: 20'));
    const notes: string[] = [];
    await resume(run, { changes: { steps: 12 }, onNote: (note) => notes.push(note) });
    expect(notes).toContain(`${path}: steps: 20 -> 12`);
  });
});

describe('weights', () => {
  const valuesOf = async (run: string, step?: number) => {
    const opened = await openRun(run, { backend: 'cpu', step });
    const videos = await opened.sample({ count: 1 });
    const values = [...videos.dataSync()];
    tf.dispose(videos);
    opened.dispose();
    return { step: opened.step, values };
  };

  it('are those of the newest checkpoint where the set is not whole', async () => {
    const whole = await valuesOf(at('done'));
    expect(whole.step).toBe(12);
    expect(await valuesOf(at('done'), 12)).toEqual(whole);
    const run = copy('mixed');
    const bin = `${run}/models/image-generator/weights.bin`;
    writeFileSync(
      bin,
      readFileSync(bin).map((byte, i) => (i === 0 ? byte ^ 1 : byte)),
    );
    expect(await valuesOf(run)).toEqual(whole);
    const earlier = await valuesOf(run, 5);
    expect(earlier.step).toBe(5);
    expect(earlier.values).not.toEqual(whole.values);
    await expect(valuesOf(run, 7)).rejects.toThrow(/--step 7: .* there is: 12, 10, 5$/);
    rmSync(`${run}/checkpoints`, { recursive: true });
    await expect(valuesOf(run)).rejects.toThrow(/is not of the same step as the other networks/);
  });

  it('that are NaN are refused', async () => {
    const run = copy('nan');
    rmSync(`${run}/checkpoints`, { recursive: true });
    rmSync(`${run}/models/weights.json`);
    const bin = `${run}/models/image-generator/weights.bin`;
    const bytes = readFileSync(bin);
    bytes.writeFloatLE(NaN, 0);
    writeFileSync(bin, bytes);
    await expect(valuesOf(run)).rejects.toThrow(/weights.bin: .* holds NaN or infinity$/);
  });
});

describe('what a run is told', () => {
  it('blames the flag that was given, not the preset', async () => {
    await expect(loadConfig('moving-mnist', { batchSize: 0 })).rejects.toThrow(/^--batch-size: /);
  });

  it('draws values at the end of the range of numbers, and names that objects have', () => {
    const lines = [1e308, -1.7e308, 5e-324].map((value, i) => ({
      ...{ step: i + 1, value, real: value, fake: -value, seconds: 1 },
    }));
    const svg = drawMetrics('run', lines);
    expect(svg).not.toMatch(/NaN|Infinity/);
    const metrics = new Metrics();
    lines.forEach((line) => metrics.add({ ...line, constructor: 1 }));
    const panels = runPanels([{ name: 'run', metrics }], { metrics: ['constructor'], log: true });
    expect(panels.map(({ title }) => title)).toEqual(['constructor']);
    expect(() => runPanels([{ name: 'run', metrics }], { metrics: ['toString'] })).toThrow(
      /there is no metric "toString"/,
    );
  });

  it('reads metrics that were begun anew under the same inode', async () => {
    const path = at('metrics.jsonl');
    const line = (step: number, value: number) => `${JSON.stringify({ step, value })}\n`;
    writeFileSync(path, line(1, 1) + line(2, 2));
    const file = new MetricsFile(path);
    await file.read();
    writeFileSync(path, line(1, 5) + line(2, 6) + line(3, 7));
    await file.read();
    expect(file.metrics.get('value').get('value')?.values).toEqual([5, 6, 7]);
  });

  it('of a model whose layers wait for each other, or for one that is not there', async () => {
    const run = copy('circle');
    const path = `${run}/models/image-generator/model.json`;
    const model = JSON.parse(readFileSync(path, 'utf8'));
    const { layers } = model.modelTopology.config;
    const first = layers.find(
      (layer: { inbound_nodes: unknown[] }) => layer.inbound_nodes.length > 0,
    );
    for (const name of [layers.at(-1).name, 'none']) {
      first.inbound_nodes = [[[name, 0, 0, {}]]];
      writeFileSync(path, JSON.stringify(model));
      const loading = loadModel(`${run}/models/image-generator`);
      await expect(loading).rejects.toThrow(
        /model.json is damaged: the inputs of its layer .* never/,
      );
    }
    const input = { name: 'in', class_name: 'InputLayer', inbound_nodes: [] };
    for (const [layer, message] of [
      [
        { ...input, config: { batch_input_shape: [null, 1], units: 1 }, class_name: 'None' },
        /None/,
      ],
      [undefined, /./],
    ] as const) {
      const config = layer ? { ...model.modelTopology.config, layers: [layer] } : null;
      const modelTopology = { class_name: 'Model', config };
      writeFileSync(path, JSON.stringify({ ...model, modelTopology }));
      const loading = loadModel(`${run}/models/image-generator`);
      await expect(loading).rejects.toThrow(message);
      await expect(loading).rejects.toThrow(/^[^\n]*model.json is damaged: [^\n]*$/);
    }
    model.weightsManifest = [{ weights: [{ name: 'a', shape: null }] }];
    writeFileSync(path, JSON.stringify(model));
    await expect(loadModel(`${run}/models/image-generator`)).rejects.toThrow(/weightsManifest/);
  });
});
