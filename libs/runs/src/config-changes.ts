import type { ConfigKey } from './config.js';
import { UsageError } from './errors.js';

/**
 * What may differ between a checkpoint and the run that goes on from it: how long, how fast and by what it trains, where
 * the clips lie and what is shown and kept. All else makes other networks or another game of them, that is another run.
 */
export const freeKeys: readonly ConfigKey[] = [
  ...(['steps', 'checkpointEvery', 'keepCheckpoints'] as const),
  ...(['sampleEvery', 'sampleCount', 'sampleFormat', 'tensorboard'] as const),
  ...(['learningRate', 'generatorLearningRate', 'criticLearningRate'] as const),
  ...(['backend', 'data'] as const),
];

/**
 * Compares a checkpoint's configuration with that of a run that is to go on from it.
 *
 * @param before - the checkpoint's, flat.
 * @param now - the run's, flat.
 * @returns a line for each key that changes and may, `steps: 100 -> 200`.
 * @throws UsageError when another key differs, with a line for each.
 */
export function configChanges(
  before: Record<string, unknown>,
  now: Record<string, unknown>,
  subject: string,
): string[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(now)])];
  const changed = keys.filter((key) => text(before[key]) !== text(now[key]));
  const line = (key: string) => `${key}: ${text(before[key])} -> ${text(now[key])}`;
  const refused = changed.filter((key) => !freeKeys.includes(key as ConfigKey));
  if (refused.length > 0) {
    throw new UsageError(
      `${subject} does not fit the checkpoint; put these back, or begin another run with tgan train:\n` +
        refused.map((key) => `  ${line(key)}`).join('\n'),
    );
  }
  return changed.map(line);
}

const text = (value: unknown) => (value === undefined ? 'nothing' : JSON.stringify(value));
