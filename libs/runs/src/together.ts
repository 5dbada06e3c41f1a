import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { availableParallelism, hostname } from 'node:os';
import type { Communicator } from '@tgan/core';
import {
  formatTrainerState,
  parseTrainerState,
  TrainingError,
  type WganTrainer,
} from '@tgan/wgan-trainer';
import type * as tf from '@tensorflow/tfjs';

type Trainer = WganTrainer<tf.Tensor5D>;

/** Gives all ranks the state of rank 0. */
export async function shareState(trainer: Trainer, communicator: Communicator): Promise<void> {
  const own = communicator.rank === 0 ? formatTrainerState(await trainer.state()) : undefined;
  const bytes = communicator.broadcast(own);
  if (!own) trainer.restore(parseTrainerState(bytes!));
}

/**
 * Checks that all ranks have the same state, to the bit.
 *
 * @throws TrainingError when they do not: their processors or versions compute differently.
 */
export async function checkSameState(trainer: Trainer, communicator: Communicator): Promise<void> {
  const hash = createHash('sha256');
  hash.update(formatTrainerState(await trainer.state()));
  const hashes = communicator.allGather(hash.digest('hex'));
  const other = hashes.findIndex((one) => one !== hashes[0]);
  if (other < 0) return;
  throw new TrainingError(
    `step ${trainer.stepsDone}: the weights of rank ${other} are not those of rank 0; ` +
      'the hosts must compute alike: use the same processors, Node.js and backend on all',
  );
}

/**
 * How many threads a rank computes on beside the others of its host: its part of the cores that it
 * may use. Launchers may bind each rank to cores of its own.
 */
export function threadsBeside(communicator: Communicator): number {
  const places = communicator.allGather(`${hostname()} ${allowedCores()}`);
  const own = places[communicator.rank];
  const sharers = places.filter((place) => place === own).length;
  return Math.max(1, Math.floor(availableParallelism() / sharers));
}

/** The cores that this process may use, where the system tells: on Linux. */
function allowedCores(): string {
  try {
    return (
      /^Cpus_allowed_list:\s*(.*)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? ''
    );
  } catch {
    return '';
  }
}
