import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { movingMnist, preparePacked, videosOf } from '@tgan/datasets';
import { RunFolder, readConfig } from '@tgan/runs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeRun } from './testing/make-run.js';
import { runTgan } from './testing/run-tgan.js';

const mnist = { dataset: 'moving-mnist', digits: 1, imageSize: 32, imageWidths: [4, 2, 2] };
const quick = ['--count', '16', '--replicates', '2'];

let folder: string;
const at = (...path: string[]) => join(folder, ...path);
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tgan-evaluate-'));
  await makeRun(at('one'), mnist);
  await makeRun(at('two'), { ...mnist, seed: 1 });
  await makeRun(at('longer'), { ...mnist, frames: 8 });
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true }));

/** What a command says of a mistake: one line, exit code 2. */
async function refusal(...args: string[]) {
  const { status, stderr, stdout } = await runTgan('evaluate', ...args);
  const lines = stderr.split('\n').filter((line) => line.startsWith('tgan: '));
  expect([status, lines.length, stdout]).toEqual([2, 1, '']);
  expect(stderr.trimEnd().split('\n').at(-1)).toBe(lines[0]);
  return lines[0];
}

describe('tgan evaluate', () => {
  it('prints a table beside real clips, and writes report, model card and picture', async () => {
    const { status, stdout, stderr } = await runTgan(
      ...['evaluate', at('one'), ...quick, '--out', at('out')],
    );
    expect(stderr).toContain('Frechet distance: 16 clips are too few');
    expect(status).toBe(0);
    expect(stdout).toMatch(/^score +generated clips +real clips +clips +better\n/);
    for (const label of ['Frechet distance (FVD)', 'legibility', 'near-duplicates', 'novelty']) {
      expect(stdout).toContain(`\n${label} `);
    }
    const report = JSON.parse(readFileSync(at('out', 'report.json'), 'utf8'));
    expect(report.record).toMatchObject({
      data: 'moving-mnist, 1 digit of 28 pixels',
      split: "MNIST's test digits",
      count: 16,
      extractor: 'moving-mnist-reader',
    });
    const { legibility, frechetDistance } = report.scores;
    // Fresh weights draw no digits.
    expect(legibility.value).toBeLessThan(0.3 * legibility.real.value);
    expect(frechetDistance.value).toBeGreaterThan(2 * frechetDistance.real.value);
    expect(readFileSync(at('out', 'model-card.md'), 'utf8')).toContain('| model | tgan |');
    expect(JSON.parse(readFileSync(at('out', 'model-card.json'), 'utf8')).name).toBe('one');
    const png = readFileSync(at('out', 'neighbors.png'));
    expect(png.subarray(1, 4).toString()).toBe('PNG');
    // Four frames beside one another; eight pairs below one another.
    expect(png.readUInt32BE(16)).toBe(4 * 64 + 3 * 2);
    expect(png.readUInt32BE(20)).toBe(16 * 64 + 15 * 2);
  });

  it('compares runs and lets their critics judge, as JSON that repeats', async () => {
    const args = ['evaluate', at('one'), at('two'), ...quick, '--gam', '--json'];
    const { status, stdout } = await runTgan(...args);
    expect(status).toBe(0);
    const { runs, gam } = JSON.parse(stdout);
    expect(runs.map(({ name }: { name: string }) => name)).toEqual(['one', 'two']);
    expect(runs[0].scores.legibility.real).toEqual(runs[1].scores.legibility.real);
    expect(['first', 'second', 'undecided']).toContain(gam.winner);
    expect((await runTgan(...args)).stdout).toBe(stdout);
    const table = await runTgan('evaluate', at('one'), at('two'), ...quick, '--out', at('both'));
    expect(table.stdout).toMatch(/^model +one +two +real clips\n/);
    expect(existsSync(at('both', '2-two', 'model-card.md'))).toBe(true);
    expect(readFileSync(at('both', 'comparison.md'), 'utf8')).toContain('| real clips |');
  });

  it('refuses in one line what cannot be judged', async () => {
    expect(await refusal(at('one'), at('longer'), ...quick)).toMatch(
      /one and longer: these scores cannot be compared: frames: 4 against 8$/,
    );
    expect(await refusal(at('one'), '--count', '4')).toMatch(/too few clips: 5 nearest neighbors/);
    expect(await refusal(at('one'), '--gam')).toMatch(/--gam compares 2 runs, got 1$/);
    expect(await refusal(at('none'))).toMatch(/none holds no run/);

    const { config } = await readConfig(mnist, 'test');
    await (await RunFolder.create(at('weightless'))).keepConfig(config);
    expect(await refusal(at('weightless'))).toMatch(
      /weightless has no weights yet: it has no checkpoint/,
    );
  });

  it('refuses an extractor that is damaged, missing, or takes other clips', async () => {
    const by = (file: string) => refusal(at('one'), ...quick, '--extractor', at(file));
    writeFileSync(at('damaged.json'), '{ "modelTopology": ');
    expect(await by('damaged.json')).toMatch(/damaged.json is not a TensorFlow.js model$/);
    expect(await by('missing.yaml')).toMatch(
      /cannot read the extractor .*missing.yaml: there is no such file/,
    );
    writeFileSync(at('typo.yaml'), 'model: x.onnx\nlayuot: BCTHW\n');
    expect(await by('typo.yaml')).toMatch(/typo.yaml: .*layuot.*did you mean "layout"/);
    // A critic takes clips too, here of 8 frames.
    expect(await by('longer/models/critic')).toMatch(/critic takes \[\?, 8, 32, 32, 1\]/);
  });

  it('judges a run on a packed file by that file, and needs an extractor for it', async () => {
    const set = videosOf(movingMnist({ size: 24, frames: 4, imageSize: 32 }));
    await preparePacked(set, at('mine.tgan'), { minFrames: 1 });
    const own = { imageSize: 32, imageWidths: [4, 2, 2], data: at('mine.tgan') };
    await makeRun(at('packed'), own);
    expect(await refusal(at('packed'), ...quick)).toMatch(
      /no extractor fits moving-mnist, file [0-9a-f]{12}: name one with --extractor/,
    );
    const args = ['--replicates', '0', '--extractor', at('one', 'models', 'critic')];
    const count = (clips: string) => [at('packed'), '--count', clips, ...args];
    expect(await refusal(...count('30'))).toMatch(
      /too few real clips: 30 are needed, there are 24/,
    );
    const { status, stdout, stderr } = await runTgan('evaluate', ...count('12'), '--json');
    expect(status, stderr).toBe(0);
    const [{ record, scores }] = JSON.parse(stdout).runs;
    expect(record.data).toMatch(/^moving-mnist, file [0-9a-f]{12}$/);
    expect(scores.nearDuplicates.samples).toBe(12);
    // Its clips were all trained on, and the reader knows nothing of them.
    expect(scores.novelty).toBeUndefined();
    expect(scores.legibility).toBeUndefined();
  });

  it('takes a network of the user, as a YAML file says', async () => {
    writeFileSync(at('own.yaml'), 'model: longer/models/critic\nframes: 8\n');
    const args = ['--count', '16', '--replicates', '0', '--extractor', at('own.yaml'), '--json'];
    const { status, stdout } = await runTgan('evaluate', at('longer'), ...args);
    expect(status).toBe(0);
    const [{ record, scores }] = JSON.parse(stdout).runs;
    expect(record.extractor).toBe('critic');
    expect(record.resize).toContain('8 frames');
    expect(scores.frechetDistance.interval).toBeNull();
  });
});
