import { readFile, rm } from 'node:fs/promises';
import { basename } from 'node:path';
import {
  CheckpointError,
  formatCheckpoint,
  parseCheckpoint,
  type Checkpoint,
} from './checkpoint-file.js';
import { UsageError } from './errors.js';
import { listIfThere } from './read-file.js';
import type { RunFolder } from './run-folder.js';
import { writeFileAtomic } from './write-file.js';

/** The path of the checkpoint of a step. */
export const checkpointPath = (run: RunFolder, step: number) =>
  run.part('checkpoints', `step-${String(step).padStart(7, '0')}.safetensors`);

/** The steps of a run's checkpoints, the latest first. Damage is detected when one is read. */
export async function checkpointSteps(run: RunFolder): Promise<number[]> {
  const names = (await listIfThere(run.part('checkpoints'))) ?? [];
  return names
    .flatMap((name) => /^step-(\d{7,})\.safetensors$/.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => b - a);
}

/** Which checkpoints to keep: the number of the last ones, and that of the best step. */
export interface Kept {
  readonly last: number;
  readonly best?: number;
}

/** Writes a checkpoint. Once it is complete, removes all but the last ones and the best. */
export async function writeCheckpoint(
  run: RunFolder,
  checkpoint: Checkpoint,
  keep: Kept,
): Promise<void> {
  const { steps } = checkpoint.state.progress;
  await writeFileAtomic(checkpointPath(run, steps), formatCheckpoint(checkpoint));
  const all = await checkpointSteps(run);
  const kept = all.filter((step) => step <= steps).slice(0, keep.last);
  for (const step of all) {
    if (step !== keep.best && !kept.includes(step)) await rm(checkpointPath(run, step));
  }
}

/**
 * Removes the checkpoints after the step that a run resumes from. Otherwise a run that is killed
 * before its next checkpoint would resume from them.
 */
export async function removeLaterCheckpoints(run: RunFolder, step: number): Promise<void> {
  const later = (await checkpointSteps(run)).filter((other) => other > step);
  for (const other of later) await rm(checkpointPath(run, other), { force: true });
}

/**
 * Reads a checkpoint of a run. Default: the last intact one.
 *
 * @param from - the step of the checkpoint.
 * @param note - called with a line for each damaged checkpoint that is skipped.
 * @throws UsageError when there is none; CheckpointError when it is damaged, or all are; what the
 * file system throws.
 */
export async function readCheckpoint(
  run: RunFolder,
  from: number | undefined,
  note: (text: string) => void,
): Promise<Checkpoint> {
  const all = await checkpointSteps(run);
  const steps = from === undefined ? all : all.filter((step) => step === from);
  if (steps.length === 0) {
    const there =
      all.length > 0
        ? ` of step ${from}; its checkpoints are: ${all.join(', ')}`
        : ' to resume from';
    throw new UsageError(`${run.path} has no checkpoint${there}`);
  }
  for (const step of steps) {
    const path = checkpointPath(run, step);
    try {
      return parseCheckpoint(await readFile(path));
    } catch (error) {
      // A checkpoint that cannot be read now may be intact.
      if (!(error instanceof CheckpointError)) throw error;
      if (from !== undefined) throw new CheckpointError(`${path}: ${error.message}`);
      note(`${path} is skipped, ${(error as Error).message}`);
    }
  }
  const names = steps.map((step) => basename(checkpointPath(run, step)));
  throw new CheckpointError(
    `${run.path} has no intact checkpoint to resume from: ${names.join(', ')} are damaged`,
  );
}
