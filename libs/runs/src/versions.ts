import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs';
import type { CheckpointFacts } from './checkpoint-file.js';

const { version } = JSON.parse(
  readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
) as { version: string };

/** What the numbers of a run depend on beside its configuration, backend and processor. */
export const versions = () => ({ tgan: version, tfjs: tf.version.tfjs, node: process.version });

/** Why a resumed run may not get the same bits as an uninterrupted one; a line for each reason. */
export function otherBits(checkpoint: CheckpointFacts, backend: string): string[] {
  const before: Record<string, string> = { backend: checkpoint.backend, ...checkpoint.versions };
  const now: Record<string, string> = { backend, ...versions() };
  return Object.keys(now)
    .filter((name) => before[name] !== now[name])
    .map((name) => `${name}: ${before[name]} -> ${now[name]}, which may round differently`);
}
