// Races processes that train together against the threads of one process, on the same cores.
//
//   node tools/bench/ranks.mjs [--json] [--ranks 2] [--batch 8] [--channels 3] [--rounds N]
//     [--steps N] [--mpirun mpirun.openmpi]
//
// A step is the trainer's on the paper's networks, with as many clips in all on both sides. Both
// take turns: each round starts a job of its own, and the fastest step of all rounds counts. Bytes
// and waiting are those of the first rank in that step. Build the libraries first (npm run build).
import { execFile } from 'node:child_process';
import { parseArgs, promisify } from 'node:util';
import { fileURLToPath } from 'node:url';

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    ranks: { type: 'string', default: '2' },
    batch: { type: 'string', default: '8' },
    channels: { type: 'string', default: '3' },
    rounds: { type: 'string', default: '3' },
    steps: { type: 'string', default: '3' },
    mpirun: { type: 'string', default: 'mpirun' },
  },
});
const ranks = Number(options.ranks);
const job = fileURLToPath(new URL('ranks-job.mjs', import.meta.url));
const root = { OMPI_ALLOW_RUN_AS_ROOT: '1', OMPI_ALLOW_RUN_AS_ROOT_CONFIRM: '1' };
const env = { ...process.env, ...(process.getuid?.() === 0 && root) };
const plural = (count, one, more) => `${count} ${count === 1 ? one : more}`;

/** The steps of a job: processes by threads. */
async function steps({ processes, threads }) {
  const settings = [options.batch, options.channels, threads, options.steps].map(String);
  const command = [process.execPath, job, ...settings];
  const launcher = processes > 1 ? [options.mpirun, '-n', String(processes)] : [];
  const [program, ...args] = [...launcher, ...command];
  const { stdout } = await promisify(execFile)(program, args, { env });
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

const sides = [
  { name: 'threads', processes: 1, threads: ranks },
  { name: 'processes', processes: ranks, threads: 1 },
];
/** @type {Record<string, { seconds: number, bytes: number, waited: number }>} */
const best = {};
for (let round = 0; round < Number(options.rounds); round++) {
  for (const { name, ...side } of sides) {
    for (const step of await steps(side)) {
      if (!(step.seconds >= best[name]?.seconds)) best[name] = step;
    }
  }
}

const ratio = Number((best.processes.seconds / best.threads.seconds).toPrecision(3));
if (options.json) console.log(JSON.stringify({ ...best, ratio }));
else {
  console.log(`Node ${process.version}, ${options.batch} clips in all`);
  for (const { name, processes, threads } of sides) {
    const { seconds, bytes, waited } = best[name];
    const who = `${plural(processes, 'process', 'processes')}, ${plural(threads, 'thread', 'threads')}`;
    const sent = `sent ${(bytes / 1e6).toFixed(1)} MB, waited ${waited.toFixed(2)} s`;
    console.log(`${who}: ${seconds.toFixed(2)} s a step${processes > 1 ? `, ${sent}` : ''}`);
  }
  console.log(`processes take ${ratio.toFixed(2)} times as long`);
}
