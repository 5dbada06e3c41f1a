import { nearest } from '@tgan/core';
import type { VideoModel } from '@tgan/video-gan';
import * as tf from '@tensorflow/tfjs';
import { UsageError } from './errors.js';
import { readIfThere } from './read-file.js';
import type { RunFolder } from './run-folder.js';
import { storing } from './storage.js';
import { writeFileAtomic } from './write-file.js';

/**
 * Writes the names of a conditional run's labels beside its configuration.
 *
 * @param classes - the number of labels of the model. With 0, nothing is written.
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
 * The names of a run's labels, by label; their numbers if it has no names.
 *
 * @param classes - the number of labels of the model.
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
  throw new UsageError(`${run.part('labels')} is not a list of names; delete it to use numbers`);
}

/**
 * The label of a name.
 *
 * @throws UsageError when the model takes no labels, or no label has this name.
 */
export async function labelNamed(name: string, run: RunFolder, classes = 0): Promise<number> {
  const names = await readLabels(run, classes);
  if (names.length === 0) {
    throw new UsageError(`--label ${name}: the model of ${run.path} takes no labels`);
  }
  const label = names.indexOf(name);
  if (label >= 0) return label;
  // Numbers always work, unless they are the names of other labels.
  const number = Number(name);
  if (Number.isInteger(number) && number >= 0 && number < names.length) return number;
  const meant = nearest(name, names);
  const shown = names.length > 12 ? [...names.slice(0, 12), `... (${names.length} in all)`] : names;
  throw new UsageError(
    `there is no label "${name}"${meant ? `, did you mean "${meant}"?` : ''}; choose from: ${shown.join(', ')}`,
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
