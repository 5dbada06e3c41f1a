import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { describeMpi, runJob } from '../../../tools/mpi-jobs.js';

const cwd = fileURLToPath(new URL('..', import.meta.url));
const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const examples = [...readme.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code]) => code);

describeMpi((mpi) => {
  it('prints what the README says', async () => {
    // The very text of the README: it has to run in several processes.
    const [example] = examples;
    const [, ranks, printed] = /`mpirun -n (\d) node program.mjs` prints `(.*?)`/.exec(readme)!;
    const command = [process.execPath, '--input-type=module', '-e', example];
    const { stdout, stderr, status } = await runJob(mpi, Number(ranks), command, { cwd });
    expect(stderr).toBe('');
    expect(stdout).toBe(`${printed}\n`);
    expect(status).toBe(0);
  });
});

it('has one example', () => {
  expect(examples).toHaveLength(1);
});
