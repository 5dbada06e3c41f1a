import { inspectMpi, type MpiReport } from '@tgan/data-parallel';
import { expect, it, vi } from 'vitest';
import { mpis } from '../../../tools/mpi-jobs.js';
import { runTgan } from './testing/run-tgan.js';

vi.mock(import('@tgan/data-parallel'), async (original) => {
  const all = await original();
  return { ...all, inspectMpi: vi.fn(all.inspectMpi) };
});
// The backends take seconds, and have a test in cli.test.ts.
vi.mock(import('@tgan/runs'), async (original) => ({
  ...(await original()),
  inspectBackends: async () => [],
}));

/** What doctor says about MPI: a line, and perhaps how to get it. */
async function linesOnMpi(): Promise<string[]> {
  const { stdout, status } = await runTgan('doctor');
  expect(status).toBe(0);
  const lines = stdout.split('\n');
  const at = lines.findIndex((line) => line.slice(5).startsWith('MPI: '));
  return lines.slice(at, at + 2).filter((line, i) => i === 0 || line.startsWith(' '));
}

const remedy = 'apt install mpich';
const use =
  'no   MPI: several processes, also on several hosts, train together: mpirun -n 4 tgan train PRESET';

it.each<[string, MpiReport, string[]]>([
  [
    'names each that is found',
    { found: ['Open MPI v4.1.4', 'MPICH 4.0.2'], remedy },
    ['yes  MPI: Open MPI v4.1.4, MPICH 4.0.2'],
  ],
  [
    'says how to get one, and why there is none',
    { found: [], problem: 'there is no library of MPI', remedy },
    [use, '       there is no library of MPI; apt install mpich'],
  ],
  ['says how to get one', { found: [], remedy }, [use, '       apt install mpich']],
])('%s', async (_, report, lines) => {
  vi.mocked(inspectMpi).mockResolvedValueOnce(report);
  expect(await linesOnMpi()).toEqual(lines);
});

it('finds what is installed', async () => {
  const [line] = await linesOnMpi();
  for (const { name } of mpis) expect(line).toContain(name);
});
