import { nearest } from '@tgan/core';
import type { VideoModel } from '@tgan/video-gan';
import * as tf from '@tensorflow/tfjs';
import { UsageError } from './errors.js';
import { readIfThere } from './read-file.js';
import type { RunFolder } from './run-folder.js';
import { storing } from './storage.js';
import { writeFileAtomic } from './write-file.js';

/**
 * Keeps the names of a conditional run's labels beside its configuration.
 *
 * @param classes - how many labels the model has. With 0 there is nothing to keep.
 */
export async function writeLabels(
  run: RunFolder,
  classes: number | undefined,
  names: readonly string[] = [],
): Promise<void> {
  if (!classes) return;
  await writeFileAtomic(run.part('labels'), Buffer.from(`${JSON.stringify(names)}\n`));
}

/**
 * The names of a run's labels, by label; their numbers where it knows no names.
 *
 * @param classes - how many labels the model has.
 * @throws UsageError when the file of names is damaged.
 */
export async function readLabels(run: RunFolder, classes = 0): Promise<string[]> {
  const numbers = Array.from({ length: classes }, (_, label) => `${label}`);
  const text = await storing(run, () => readIfThere(run.part('labels')), 'read');
  if (text === undefined) return numbers;
  try {
    const names = JSON.parse(text) as unknown;
    if (Array.isArray(names)) return numbers.map((number, i) => String(names[i] ?? number));
  } catch {
    // falls through: no JSON is no list either
  }
  throw new UsageError(`${run.part('labels')} is no list of names; delete it to use numbers`);
}

/**
 * The label that a name stands for.
 *
 * @throws UsageError when the model takes no labels, or there is none of that name.
 */
export async function labelNamed(name: string, run: RunFolder, classes = 0): Promise<number> {
  const names = await readLabels(run, classes);
  if (names.length === 0) {
    throw new UsageError(`--label ${name}: the model of ${run.path} takes no labels`);
  }
  const label = names.indexOf(name);
  if (label >= 0) return label;
  // Numbers always do, unless they are names of something else.
  const number = Number(name);
  if (Number.isInteger(number) && number >= 0 && number < names.length) return number;
  const meant = nearest(name, names);
  const shown = names.length > 12 ? [...names.slice(0, 12), `... (${names.length} in all)`] : names;
  throw new UsageError(
    `there is no label "${name}"${meant ? `, did you mean "${meant}"?` : ''}; there is: ${shown.join(', ')}`,
  );
}

/** For a conditional model, each label in turn; undefined for others. The caller disposes it. */
export function everyLabel(
  { options: { classes = 0 } }: VideoModel,
  count: number,
): tf.Tensor1D | undefined {
  if (classes === 0) return undefined;
  return tf.tensor1d(
    Int32Array.from({ length: count }, (_, i) => i % classes),
    'int32',
  );
}
