import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileProblem } from '@tgan/core/node';
import { printable } from './log.js';

/** Errors whose message is all that a user needs, with their exit codes. */
const exitCodes: Record<string, number> = {
  UsageError: 2,
  OptionsError: 2,
  RegistryError: 2,
  ModuleError: 2,
  BackendError: 2,
  ChainerImportError: 1,
  CheckpointError: 1,
  DatasetError: 1,
  FfmpegMissingError: 1,
  LabelError: 2,
  LockedError: 1,
  MetricsError: 2,
  MpiError: 2,
  HeapLimitError: 1,
  ModelFileError: 1,
  PenaltyError: 2,
  SafetensorsError: 1,
  StorageError: 1,
  TrainerStateError: 1,
  TrainingError: 1,
  NonFiniteWeightError: 1,
  VideoError: 1,
};

/**
 * Prints what went wrong: one line if the user can fix it, with the stack if it is a bug.
 *
 * @param who - begins the line: which of several processes it is.
 * @returns the exit code.
 */
export function report(error: unknown, who = ''): number {
  const known = error instanceof Error ? exitCodes[error.name] : undefined;
  if (error instanceof Error && known !== undefined) {
    process.stderr.write(`tgan: ${who}${printable(error.message)}\n`);
    return known;
  }
  const problem = fileProblem(error);
  if (problem) {
    const { path = 'a file', meaning, code, remedy } = problem;
    const text = path.startsWith(join(tmpdir(), 'tgan-'))
      ? `cannot write to the temporary folder ${tmpdir()}: ${meaning} (${code}); set TMPDIR to one that can be written`
      : `cannot use ${path}: ${meaning} (${code}); ${remedy}`;
    process.stderr.write(`tgan: ${who}${printable(text)}\n`);
    return 1;
  }
  if (isOutOfMemory(error)) {
    process.stderr.write(
      `tgan: ${who}there is not enough memory; choose smaller sizes or a smaller batch\n`,
    );
    return 1;
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(
    `tgan: ${who}this is a bug in tgan; please report it with this text:\n${text}\n`,
  );
  return 1;
}

/** Whether V8 could not allocate an array. */
const isOutOfMemory = (error: unknown) =>
  error instanceof RangeError &&
  /Array buffer allocation failed|Invalid (typed )?array length|Invalid array buffer length/.test(
    error.message,
  );
