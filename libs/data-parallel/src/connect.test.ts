import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { describeMpi, mpis, runJob, type JobOptions, type Mpi } from '../../../tools/mpi-jobs.js';
import { connect, inspectMpi } from './index.js';

const program = fileURLToPath(new URL('testing/rank.mjs', import.meta.url));
const quick: JobOptions = { env: { TGAN_MPI_PATIENCE: '2' } };

/** Runs scenarios of rank.mjs. */
const run = (mpi: Mpi, ranks: number, scenarios: readonly string[], options?: JobOptions) =>
  runJob(mpi, ranks, [process.execPath, program, ...scenarios], options);

/** The lines that tgan wrote, without what the launcher says. */
const ownLines = (stderr: string) => stderr.split('\n').filter((line) => /^(tgan|rank)/.test(line));

describeMpi((mpi) => {
  it.each([1, 2, 3, 4])('sums, broadcasts and gathers in %i ranks', async (ranks) => {
    const scenarios = ['sums', 'anyOrder', 'values', 'traffic'];
    const { stdout, stderr, status } = await run(mpi, ranks, scenarios);
    expect(stderr).toBe('');
    const done = Array.from({ length: ranks }, (_, rank) => `rank ${rank} done`);
    expect(stdout.trim().split('\n').sort()).toEqual(done);
    expect(status).toBe(0);
  });

  it('tells the ranks, and the version of the library', async () => {
    const { stdout } = await run(mpi, 3, ['facts']);
    const [facts] = stdout.split('\n').filter((line) => !line.endsWith('done'));
    expect(facts).toMatch(new RegExp(`^${mpi.name} v?\\d+\\.\\d+\\S* 0/3 1/3 2/3$`));
  });

  it('moves sums on while the ranks compute', async () => {
    const { stdout } = await run(mpi, 2, ['overlap']);
    expect(Number(/waited (\S+) s/.exec(stdout)![1])).toBeLessThan(0.3);
  });

  it('lets one speak when all fail alike', async () => {
    const { stderr, status } = await run(mpi, 3, ['failAlike']);
    expect(ownLines(stderr)).toEqual(['rank 0 failed']);
    expect(status).toBe(7);
  });

  it.each([
    ['failAlone', 7, ['rank 1 failed']],
    ['leave', 5, []],
    ['throwError', 1, []],
  ])('%s ends all ranks', async (scenario, code, lines) => {
    const { stdout, stderr, status, seconds } = await run(mpi, 3, [scenario]);
    expect(ownLines(stderr)).toEqual(lines);
    expect(stdout).not.toContain('done');
    expect(status).toBe(code);
    expect(seconds).toBeLessThan(10);
  });

  it('waits for a rank that computes for longer than its patience', async () => {
    const { status } = await run(mpi, 2, ['computeLong'], quick);
    expect(status).toBe(0);
  });

  it('ends the job when a rank is killed', async () => {
    const { stdout, status, seconds } = await run(mpi, 3, ['kill'], quick);
    expect(stdout).not.toContain('done');
    expect(status).not.toBe(0);
    expect(seconds).toBeLessThan(10);
  });

  it('ends the job when a rank is silent, and says which', async () => {
    const { stderr, status, seconds } = await run(mpi, 3, ['stop'], quick);
    expect(ownLines(stderr)).toEqual([
      expect.stringMatching(
        /^tgan: rank 1 \(\S+\) is lost: nothing heard for 2 s \(killed, stopped or cut off\); the job ends; tgan resume RUN continues/,
      ),
    ]);
    expect(status).not.toBe(0);
    expect(seconds).toBeLessThan(10);
  });

  it.each([
    ['TGAN_MPI', join(tmpdir(), 'none.so'), /cannot open TGAN_MPI=.*none\.so/],
    ['TGAN_MPI_PATIENCE', '1', /TGAN_MPI_PATIENCE: expected 2 or more seconds/],
    ['TGAN_MPI_PATIENCE', 'long', /TGAN_MPI_PATIENCE: expected 2 or more seconds/],
  ])('refuses %s=%s', async (name, value, message) => {
    const { stderr, status } = await run(mpi, 1, ['facts'], { env: { [name]: value } });
    expect(stderr).toMatch(message);
    expect(status).toBe(1);
  });

  it('stays out of the job with TGAN_MPI=off', async () => {
    const { stdout } = await run(mpi, 2, ['facts'], { env: { TGAN_MPI: 'off' } });
    expect(stdout).toBe('alone, \n'.repeat(2));
  });

  it('says how to get koffi where it is not installed', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tgan-no-koffi-'));
    try {
      cpSync(fileURLToPath(new URL('../dist', import.meta.url)), folder, { recursive: true });
      const script = `import { connect } from '${join(folder, 'connect.js')}'; await connect();`;
      const command = [process.execPath, '--input-type=module', '-e', script];
      const { stderr } = await runJob(mpi, 1, command);
      expect(stderr).toMatch(/MpiError: MPI needs the package koffi: npm install koffi \(.*\)/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('without a launcher', () => {
  it('connect gives nothing', async () => {
    expect(await connect()).toBeUndefined();
  });

  it('connect loads nothing', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [program]);
    expect(stdout).toBe('alone, \n');
  });

  it('inspectMpi finds what is installed', async () => {
    const { found, problem, remedy } = await inspectMpi();
    for (const { name } of mpis) expect(found.join()).toMatch(new RegExp(`${name} v?\\d`));
    if (mpis.length === 0) expect(problem).toBeDefined();
    expect(remedy).toContain('apt install openmpi-bin or apt install mpich');
  });

  it('inspectMpi reports a library that does not answer', async () => {
    const { found, problem } = await inspectMpi(0.01);
    expect(found).toEqual([]);
    expect(problem).toBe('its library crashed, or did not answer for 0.01 seconds');
  });
});
