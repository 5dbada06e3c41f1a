import { createHash } from 'node:crypto';
import { formatSafetensors, parseSafetensors, type TrainerState } from '@tgan/wgan-trainer';
import * as z from 'zod';

const checkpointFacts = z.object({
  /** The flat configuration of the run. */
  config: z.record(z.string(), z.unknown()),
  /** The backend that computed it. Others may round differently. */
  backend: z.string(),
  /** The versions of tgan, tfjs and node that wrote it. */
  versions: z.record(z.string(), z.string()),
  /** The number of batches of real clips used. */
  position: z.int().min(0),
});

/** What a checkpoint contains besides the trainer's state. */
export type CheckpointFacts = z.output<typeof checkpointFacts>;

/** Everything that a run needs to continue with the same bits. */
export interface Checkpoint extends CheckpointFacts {
  readonly state: TrainerState;
}

/** A file is not a checkpoint, or it is damaged. The message says how. */
export class CheckpointError extends Error {
  override readonly name = 'CheckpointError';
}

/**
 * What a file begins with after the eight bytes that say how long its header is. The checksum comes
 * next.
 */
const beforeChecksum = '{"__metadata__":{"sha256":"';
const checksumAt = 8 + beforeChecksum.length;
const noChecksum = '0'.repeat(64);

/**
 * The bytes of a checkpoint: a safetensors file with the trainer's arrays. Its metadata has the
 * trainer's progress as JSON, the facts of {@link CheckpointFacts} as JSON, and first of all
 * `sha256`: the checksum of the whole file as it is with 64 zeros in place of the checksum.
 */
export function formatCheckpoint({ state, ...facts }: Checkpoint): Uint8Array {
  const metadata = {
    sha256: noChecksum,
    progress: JSON.stringify(state.progress),
    run: JSON.stringify(facts),
  };
  const bytes = formatSafetensors({ arrays: state.arrays, metadata });
  Buffer.from(bytes.buffer).write(checksumOf(bytes), checksumAt);
  return bytes;
}

/**
 * Reads what {@link formatCheckpoint} wrote.
 *
 * @throws CheckpointError when any byte has changed, or the file is not a checkpoint.
 */
export function parseCheckpoint(bytes: Uint8Array): Checkpoint {
  const text = Buffer.from(bytes.subarray(8, checksumAt + noChecksum.length)).toString('latin1');
  if (!text.startsWith(beforeChecksum)) throw new CheckpointError('no checkpoint of tgan');
  if (text.slice(beforeChecksum.length) !== checksumOf(bytes)) {
    throw new CheckpointError('damaged: its checksum does not fit what is in it');
  }
  try {
    const { arrays, metadata } = parseSafetensors(bytes);
    const progress = JSON.parse(metadata.progress) as TrainerState['progress'];
    const facts = checkpointFacts.parse(JSON.parse(metadata.run));
    return { state: { arrays, progress }, ...facts };
  } catch (error) {
    throw new CheckpointError(`no checkpoint of tgan: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

function checksumOf(bytes: Uint8Array): string {
  return createHash('sha256')
    .update(bytes.subarray(0, checksumAt))
    .update(noChecksum)
    .update(bytes.subarray(checksumAt + noChecksum.length))
    .digest('hex');
}
