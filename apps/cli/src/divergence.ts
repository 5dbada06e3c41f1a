import { TrainingError } from '@tgan/wgan-trainer';
import { checkpointPath, checkpointSteps } from './checkpoints.js';
import type { RunConfig } from './config.js';
import type { RunFolder } from './run-folder.js';

/**
 * Adds to the error of a run whose numbers diverged which checkpoint is good, and how to go on from it.
 *
 * @param step - the one that failed.
 * @returns other errors as they are.
 */
export async function withAdvice(
  error: unknown,
  step: number,
  run: RunFolder,
  { learningRate }: RunConfig,
): Promise<unknown> {
  if (!(error instanceof Error)) return error;
  const atClipping = error.name === 'NonFiniteWeightError';
  if (!atClipping && !(error instanceof TrainingError)) return error;
  const message = atClipping ? `step ${step}: ${error.message}` : error.message;
  const [last] = await checkpointSteps(run);
  if (last === undefined) return error;
  const gentler = Number((learningRate / 2).toPrecision(3));
  return new TrainingError(
    `${message}. The last good checkpoint is ${checkpointPath(run, last)}: ` +
      `tgan resume ${run.path} --learning-rate ${gentler} goes on from it, --from STEP from an earlier one`,
    { cause: error },
  );
}
