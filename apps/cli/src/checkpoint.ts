import { readFile } from 'node:fs/promises';
import { writeFileAtomic } from '@tgan/files';
import { formatTrainerState, parseTrainerState, type WganTrainer } from '@tgan/wgan-trainer';
import { UsageError } from './errors.js';
import type { MetricsLine } from './metrics.js';
import type { RunFolder } from './run-folder.js';

/** Saves all that the trainer needs to go on to the very same numbers. The last checkpoint stays until the new one is whole. */
export async function writeCheckpoint(run: RunFolder, trainer: WganTrainer): Promise<void> {
  await writeFileAtomic(run.part('checkpoint'), formatTrainerState(await trainer.state()));
}

/**
 * Brings a trainer to where its run's last checkpoint stood, and the run's metrics with it: lines of later steps are
 * dropped, since these steps come again.
 *
 * @returns the metrics up to there.
 * @throws UsageError when there is no checkpoint; SafetensorsError or TrainerStateError when it is damaged or of other
 * networks.
 */
export async function readCheckpoint(run: RunFolder, trainer: WganTrainer): Promise<MetricsLine[]> {
  let bytes: Buffer;
  try {
    bytes = await readFile(run.part('checkpoint'));
  } catch {
    throw new UsageError(`${run.path} has no checkpoint to go on from`);
  }
  trainer.restore(parseTrainerState(bytes));
  const text = await readFile(run.part('metrics'), 'utf8').catch(() => '');
  const lines = text.split('\n').flatMap((line) => parseLine(line) ?? []);
  const kept = lines.filter(({ step }) => step <= trainer.stepsDone);
  const rewritten = kept.map((line) => `${JSON.stringify(line)}\n`).join('');
  await writeFileAtomic(run.part('metrics'), Buffer.from(rewritten));
  return kept;
}

/** A line of metrics.jsonl, or undefined for the last one of a run that was killed while it wrote. */
function parseLine(line: string): MetricsLine | undefined {
  try {
    return JSON.parse(line) as MetricsLine;
  } catch {
    return undefined;
  }
}
