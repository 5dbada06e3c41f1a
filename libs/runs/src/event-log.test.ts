import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { EventLog } from './event-log.js';
import { metricsLine } from './metrics-log.js';
import { RunFolder } from './run-folder.js';

let folder: string;
let run: RunFolder;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tgan-events-'));
  run = await RunFolder.create(join(folder, 'run'));
});
afterEach(() => rm(folder, { recursive: true }));

const trainer = { learningRates: () => ({ generator: 0.5, critic: 0.5 }) };
const kernels = [
  { name: 'conv0/kernel', before: 1.5, after: undefined, spectrum: Float64Array.of(1.5, 0.5) },
];

/** The contents of each event file, in order. */
async function filesOf() {
  const names = (await readdir(run.part('tensorboard'))).sort();
  return Promise.all(names.map((name) => readFile(run.part('tensorboard', name), 'latin1')));
}
/** How often a text stands in another. */
const count = (text: string, part: string) => text.split(part).length - 1;

async function log(stepsDone: number, last: number) {
  const events = await EventLog.open(run, stepsDone);
  for (let step = stepsDone + 1; step <= last; step++) {
    const clipping = step % 5 === 0 ? { kernels, gammas: [], skipped: [] } : undefined;
    const result = { step, value: 1, real: 2, fake: 1, ...(clipping && { clipping }) };
    const norms = step === last ? [{ name: 'conv0/kernel', operator: 3, kernel: 1 }] : [];
    const scores = { frechetDistance: 2, readable: { legibility: 0.5 } };
    const line = { ...metricsLine(result, 0.1, norms), ...(clipping && scores) };
    await events.step(trainer, result, line);
  }
  return events;
}

it('writes each step, spectra now and then, norms and samples', async () => {
  const events = await log(0, 120);
  const gif = join(folder, 'step-0000120.gif');
  await writeFile(gif, 'GIF89a\x01\x00\x01\x00of samples', 'latin1');
  await events.samples(120, gif);
  const [file] = await filesOf(); // before it is closed: TensorBoard reads along
  await events.close();
  for (const [tag, times] of [
    ['scores/real', 120],
    ['scores/fake', 120],
    ['learning rate/critic', 120],
    ['speed/steps per second', 120],
    ['singular values/conv0', 24],
    ['spectrum/conv0/kernel', 2],
    ['operator norms/conv0', 1],
    ['kernel norms/conv0', 1],
    ['frechet distance', 24],
    ['readable/legibility', 24],
    ['of samples', 1],
  ] as const) {
    expect(count(file, tag), tag).toBe(times);
  }
});

it('gives the strip for samples that TensorBoard does not know', async () => {
  const events = await log(0, 1);
  const strip = Buffer.from('89504e470d0a1a0a0000000d4948445200000007000000010800000000', 'hex');
  await writeFile(join(folder, 'sheet.png'), Buffer.concat([strip, Buffer.from('strip')]));
  await events.samples(1, join(folder, 'sheet.webp'));
  await events.close();
  expect((await filesOf())[0]).toContain('strip');
});

it('begins a file for each session, which says where it goes on', async () => {
  await (await log(0, 3)).close();
  await (await log(2, 4)).close();
  const [first, second] = await filesOf();
  // Field 2 of an event is its step, field 7 the session log with status START.
  const start = (step: number) => `\x10${String.fromCharCode(step)}\x3a\x02\x08\x01`;
  expect(first).toContain(start(1));
  expect(second).toContain(start(3));
  expect(count(second, 'scores/real')).toBe(2);
});
