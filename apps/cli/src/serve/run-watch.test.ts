import { appendFile, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RunWatch } from './run-watch.js';

let folder: string;
let run: string;
let watch: RunWatch;
const configure = (text: string) => writeFile(join(run, 'config.yaml'), text);
const takeStep = (step: number) =>
  appendFile(join(run, 'metrics.jsonl'), `${JSON.stringify({ step, value: 1 })}\n`);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tgan-watch-'));
  run = join(folder, 'run');
  await mkdir(run);
  await configure('dataset: moving-mnist\nsteps: 100\n');
  watch = await RunWatch.open(run);
});
afterEach(() => rm(folder, { recursive: true }));

describe('learning rates', () => {
  it('are those of the last step', async () => {
    await configure(
      'dataset: moving-mnist\nsteps: 100\nwarmUpSteps: 10\nlearningRate: 0.001\ncriticLearningRate: 0.002\n',
    );
    await takeStep(5);
    expect((await watch.state()).rates).toEqual({ generator: 0.0005, critic: 0.001 });
    await takeStep(20);
    expect((await watch.state()).rates).toEqual({ generator: 0.001, critic: 0.002 });
  });

  it('are those of the first step before it', async () => {
    await configure('dataset: moving-mnist\nsteps: 100\nwarmUpSteps: 10\nlearningRate: 0.001\n');
    expect((await watch.state()).rates!.generator).toBeCloseTo(0.0001);
  });

  it('follow a configuration that changes, and go where it is damaged', async () => {
    expect((await watch.state()).rates).toEqual({ generator: 0.00005, critic: 0.00005 });
    await configure('dataset: moving-mnist\nsteps: 100\nlearningRate: 0.25\n');
    expect((await watch.state()).rates).toEqual({ generator: 0.25, critic: 0.25 });
    for (const damaged of ['steps: 100\nlearningRate: much\n', '{', '']) {
      await configure(damaged);
      expect(await watch.state()).not.toHaveProperty('rates');
    }
  });
});

describe('scores', () => {
  const precision = {
    ...{ label: 'precision', better: 'higher', value: 0.9, interval: [0.8, 1] },
    real: { value: 0.95, interval: null },
  };
  const novelty = { label: 'novelty', better: 'as real', value: 1, interval: null, real: null };
  const report = JSON.stringify({ scores: { precision, novelty }, warnings: [], record: {} });
  const scores = async () => (await watch.state()).scores;
  const write = async (text: string, to = join(run, 'evaluation')) => {
    await mkdir(to, { recursive: true });
    await writeFile(join(to, 'report.json'), text);
  };

  it('are those of the report, as soon as there is one', async () => {
    expect(await watch.state()).not.toHaveProperty('scores');
    await write(report);
    expect(await scores()).toEqual([precision, novelty]);
  });

  it('have no parts that the page does not show', async () => {
    const told = { ...novelty, samples: 64, meaning: 'share of clips' };
    await write(JSON.stringify({ scores: { told } }));
    expect(await scores()).toEqual([novelty]);
  });

  it.each([
    '',
    '{',
    'null',
    '[]',
    '{"scores":{"precision":{"value":"high"}}}',
    report.slice(0, -9),
  ])('are none where the report is %j', async (text) => {
    await write(text);
    expect(await scores()).toBeUndefined();
  });

  it('are none where the report is too large', async () => {
    await write(report + ' '.repeat(1 << 20));
    expect(await scores()).toBeUndefined();
  });

  it('are not read where a link leads out of the run', async () => {
    const secret = join(folder, 'secret');
    await write(report, secret);
    await symlink(secret, join(run, 'evaluation'));
    expect(await scores()).toBeUndefined();
    await rm(join(run, 'evaluation'));
    await mkdir(join(run, 'evaluation'));
    await symlink(join(secret, 'report.json'), join(run, 'evaluation', 'report.json'));
    expect(await scores()).toBeUndefined();
  });
});
