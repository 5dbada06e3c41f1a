import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseCheckpoint } from '@tgan/runs';
import { parseSafetensors } from '@tgan/wgan-trainer';
import * as tf from '@tensorflow/tfjs';
import { parse } from 'yaml';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runTgan } from './testing/run-tgan.js';
import { checkpointsOf, resultOf, tinyRuns } from './testing/tiny-run.js';

const { folder, tiny, remove } = tinyRuns();
afterAll(remove);

const whole = join(folder, 'whole');
const train = (run: string, ...flags: string[]) => runTgan('train', tiny, '--out', run, ...flags);
const edit = (run: string, from: string, to: string) => {
  const path = join(run, 'config.yaml');
  writeFileSync(path, readFileSync(path, 'utf8').replace(from, to));
};

beforeAll(async () => {
  expect(await train(whole)).toMatchObject({ status: 0 });
}, 120_000);

describe('checkpoints', () => {
  it('are the last few, with the configuration and versions they come from', async () => {
    expect(checkpointsOf(whole).join()).toBe(
      'step-0000005.safetensors,step-0000010.safetensors,step-0000012.safetensors',
    );
    const path = join(whole, 'checkpoints', 'step-0000012.safetensors');
    const { state, ...facts } = parseCheckpoint(readFileSync(path));
    expect(facts).toMatchObject({
      config: parse(readFileSync(join(whole, 'config.yaml'), 'utf8')),
      versions: { tfjs: tf.version.tfjs, node: process.version },
      position: 12,
    });
  });

  it('keep that of the step whose clips were nearest to real ones', async () => {
    const one = join(folder, 'one');
    const flags = ['--keep-checkpoints', '1', '--checkpoint-every', '2', '--json'];
    const { stdout } = await train(one, ...flags);
    const { best } = JSON.parse(stdout);
    const measured = resultOf(one).metrics.filter(({ distance }) => distance !== undefined);
    expect(measured.map(({ step }) => step)).toEqual([2, 4, 6, 8, 10, 12]);
    const distances = measured.map(({ distance }) => distance);
    expect(measured.find(({ step }) => step === best).distance).toBe(Math.min(...distances));
    const name = (step: number) => `step-${String(step).padStart(7, '0')}.safetensors`;
    expect(checkpointsOf(one)).toEqual([...new Set([name(best), name(12)])]);
  });
});

describe('tgan resume', () => {
  it('trains longer, to what a longer run comes to', async () => {
    const [longer, twice] = [join(folder, 'longer'), join(folder, 'twice')];
    // All that a checkpoint can hold, and several batches a step.
    const flags = ['--optimizer', 'adam', '--average-decay', '0.9', '--noise', '0.1'];
    flags.push('--critic-steps', '2', '--accumulate', '2', '--sample-every', '6');
    flags.push('--checkpoint-every', '6');
    await train(longer, '--steps', '18', ...flags);
    await train(twice, ...flags);
    const { status, stderr } = await runTgan('resume', twice, '--steps', '18');
    expect(stderr).toContain('tgan: steps: 12 -> 18\n');
    expect(status).toBe(0);
    expect(resultOf(twice)).toEqual(resultOf(longer));
    expect(parse(readFileSync(join(twice, 'config.yaml'), 'utf8'))).toMatchObject({ steps: 18 });
    expect((await runTgan('resume', twice)).stderr).toContain('all 18 steps are done; --steps');
    expect(resultOf(twice)).toEqual(resultOf(longer));
  });

  it('passes over a damaged checkpoint, and begins where it is told to', async () => {
    const run = join(folder, 'damaged');
    await train(run);
    const last = join(run, 'checkpoints', 'step-0000012.safetensors');
    const bytes = readFileSync(last);
    bytes[bytes.length - 9] ^= 1;
    writeFileSync(last, bytes);
    const { status, stderr } = await runTgan('resume', run);
    expect(stderr).toMatch(/step-0000012.safetensors is skipped, damaged: its checksum/);
    expect(stderr).toContain('continuing after step 10\n');
    expect(status).toBe(0);
    expect(resultOf(run)).toEqual(resultOf(whole));

    const refused = await runTgan('resume', run, '--from', '7', '--steps', '8');
    expect(refused).toMatchObject({ status: 2 });
    expect(refused.stderr).toContain('no checkpoint of step 7; its checkpoints are: 12, 10, 5\n');
    const earlier = await runTgan('resume', run, '--from', '5', '--steps', '8');
    expect(earlier.stderr).toContain('continuing after step 5\n');
    expect(checkpointsOf(run)).toEqual(['step-0000005.safetensors', 'step-0000008.safetensors']);
    const values = ({ metrics }: ReturnType<typeof resultOf>) => metrics.map(({ value }) => value);
    expect(values(resultOf(run))).toEqual(values(resultOf(whole)).slice(0, 8));

    for (const name of checkpointsOf(run)) writeFileSync(join(run, 'checkpoints', name), 'x');
    const none = await runTgan('resume', run);
    expect(none).toMatchObject({ status: 1 });
    expect(none.stderr).toMatch(
      /has no intact checkpoint to resume from: step-.*8.* are damaged\n$/,
    );
    rmSync(join(run, 'checkpoints'), { recursive: true });
    const gone = await runTgan('resume', run);
    expect(gone).toMatchObject({ status: 2 });
    expect(gone.stderr).toMatch(/has no checkpoint to resume from\n$/);
  });

  it('refuses a configuration that is another, key by key, and touches nothing', async () => {
    const before = resultOf(whole);
    edit(whole, 'batchSize: 2', 'batchSize: 3');
    edit(whole, 'seed: 0', 'seed: 1');
    edit(whole, 'checkpointEvery: 5', 'checkpointEvery: 6');
    const { status, stderr } = await runTgan('resume', whole, '--steps', '20');
    edit(whole, 'batchSize: 3', 'batchSize: 2');
    edit(whole, 'seed: 1', 'seed: 0');
    expect(stderr).toMatch(/config.yaml does not fit the checkpoint; put these back, or begin/);
    expect(stderr.split('\n').slice(1)).toEqual(['  batchSize: 2 -> 3', '  seed: 0 -> 1', '']);
    expect(status).toBe(2);
    expect(resultOf(whole)).toEqual(before);
    const fixed = await runTgan('resume', whole, '--batch-size', '4');
    expect(fixed.stderr).toMatch(/unknown option '--batch-size'/);
    const wrong = await runTgan('resume', whole, '--steps', '0');
    expect(wrong.stderr).toMatch(/config.yaml: steps: expected a number >= 1, got 0/);
  });

  it('notes another backend and number of threads, and goes on', async () => {
    const run = join(folder, 'moved');
    const record = () => parse(readFileSync(join(run, 'config.yaml'), 'utf8')) as object;
    await train(run, '--backend', 'simd', '--threads', '1');
    expect(record()).toMatchObject({ backend: 'simd', threads: 1 });
    const flags = ['--backend', 'cpu', '--threads', '2', '--steps', '13'];
    const { status, stderr } = await runTgan('resume', run, ...flags);
    expect(stderr).toMatch(/backend: simd -> cpu, which may round differently/);
    expect(stderr).toContain('tgan: threads: 1 -> 2\n');
    expect(record()).toMatchObject({ backend: 'cpu', threads: 2 });
    expect(status).toBe(0);
  });
});

describe('the weights of a step', () => {
  type Arrays = ReturnType<typeof parseSafetensors>['arrays'];
  /** The weights that a checkpoint has, by the names that an exported file has for them. */
  const kept = (step: number): Arrays => {
    const name = `step-${String(step).padStart(7, '0')}.safetensors`;
    const bytes = readFileSync(join(whole, 'checkpoints', name));
    const arrays = [...parseCheckpoint(bytes).state.arrays];
    return new Map(
      arrays.flatMap(([key, array]) => {
        const weight = /^weight\/(.*)/.exec(key)?.[1];
        return weight ? [[weight, array] as const] : [];
      }),
    );
  };
  const exported = async (...flags: string[]) => {
    const out = join(folder, 'exported.safetensors');
    const args = ['export', whole, '--format', 'safetensors', '--out', out, ...flags];
    const { status, stderr } = await runTgan(...args);
    expect(status).toBe(0);
    return { arrays: parseSafetensors(readFileSync(out)).arrays, stderr };
  };
  const byName = (arrays: Arrays) => Object.fromEntries([...arrays].sort());

  it('are exported as they are asked for, and the last ones unless told', async () => {
    const measured = resultOf(whole).metrics.filter(({ distance }) => distance !== undefined);
    measured.sort((a, b) => a.distance - b.distance);
    const best = measured[0].step;
    for (const [flags, step] of [
      [[], 12],
      [['--step', 'last'], 12],
      [['--step', 'best'], best],
      [['--step', '5'], 5],
    ] as const) {
      const { arrays, stderr } = await exported(...flags);
      expect(byName(arrays), flags.join(' ')).toEqual(byName(kept(step)));
      if (step < 12) expect(stderr).toContain(`tgan: the weights are of step ${step} of 12\n`);
      else expect(stderr).not.toContain('the weights are of step');
    }
    expect(byName(kept(5))).not.toEqual(byName(kept(12)));
  });

  it('are sampled as they are asked for', async () => {
    // Fast enough that it shows in the pixels.
    const run = join(folder, 'fast');
    await train(run, '--learning-rate', '0.02');
    const sampled = async (...flags: string[]) => {
      const out = join(folder, 'sampled.png');
      const args = ['sample', run, '--count', '2', '--backend', 'cpu', '--out', out, ...flags];
      const { status, stderr } = await runTgan(...args);
      expect(status).toBe(0);
      return { picture: readFileSync(out, 'hex'), stderr };
    };
    const last = await sampled();
    expect(await sampled('--step', '12')).toEqual(last);
    const earlier = await sampled('--step', '5');
    expect(earlier.picture).not.toBe(last.picture);
    expect(earlier.stderr).toContain('tgan: the weights are of step 5 of 12\n');
  });

  it.each([
    ['7', /--step 7: .*whole has no checkpoint of this step; its checkpoints are: 12, 10, 5\n$/],
    ['first', /It must be last, best or the step of a checkpoint/],
  ])('are refused for --step %s', async (step, message) => {
    const { status, stderr } = await runTgan('sample', whole, '--step', step);
    expect(stderr).toMatch(message);
    expect(status).toBe(2);
  });

  it('has no best one where none was measured', async () => {
    const run = join(folder, 'unmeasured');
    cpSync(whole, run, { recursive: true });
    writeFileSync(join(run, 'metrics.jsonl'), '');
    const { status, stderr } = await runTgan('sample', run, '--step', 'best');
    expect(stderr).toMatch(/--step best: .* has evaluated no checkpoint; its checkpoints are: 12,/);
    expect(status).toBe(2);
  });
});

describe('a run that diverges', () => {
  it('stops with the step, the layer and the last good checkpoint', async () => {
    const run = join(folder, 'diverged');
    const { status, stderr } = await train(run, '--learning-rate', '1e30');
    expect(stderr).toMatch(
      /tgan: step 2: the critic's scores are .* samples: .*\/.*; go back to a checkpoint .* The last good checkpoint is .*step-0000000.safetensors: tgan resume .* --learning-rate 5e\+29 continues/,
    );
    expect(status).toBe(1);
    const again = await runTgan('resume', run, '--learning-rate', '1e-5');
    expect(again.stderr).toContain('learningRate: 1e+30 -> 0.00001\n');
    expect(again.status).toBe(0);
  });

  it.each([
    [
      ['--generator-learning-rate', '1e30', '--critic-learning-rate', '2e30'],
      '--generator-learning-rate 5e+29 --critic-learning-rate 1e+30',
    ],
    [['--critic-learning-rate', '2e30'], '--learning-rate 0.000025 --critic-learning-rate 1e+30'],
  ])('is advised to halve the rates that it has: %j', async (rates, advice) => {
    const run = join(folder, `rates-${rates.length}`);
    const { status, stderr } = await train(run, ...rates);
    expect(stderr).toContain(`: tgan resume ${run} ${advice} continues from it`);
    expect(status).toBe(1);
    const gentle = rates.map((rate) => (rate.startsWith('--') ? rate : '1e-5'));
    expect(await runTgan('resume', run, ...gentle)).toMatchObject({ status: 0 });
  });

  it('never writes a checkpoint that is not finite', async () => {
    const run = join(folder, 'infinite');
    const flags = ['--learning-rate', '1e38', '--checkpoint-every', '1'];
    const { status, stderr } = await train(run, ...flags);
    expect(stderr).toMatch(/tgan: step 1: weight\/.*\/.* holds NaN or infinity. The last good/);
    expect(status).toBe(1);
    expect(checkpointsOf(run)).toEqual(['step-0000000.safetensors']);
  });
});
