import { join } from 'node:path';
import { fileReason } from '@tgan/core/node';
import { comparisonTable, modelCardJson, modelCardMarkdown, type ModelCard } from '@tgan/metrics';
import { UsageError } from '../errors.js';
import { makeFolder, writeFileAtomic } from '../write-file.js';
import type { RunEvaluation } from './evaluate-runs.js';

/** What there is to say of an evaluated run. */
export function modelCardOf({ name, report, training }: RunEvaluation): ModelCard {
  const { frames, frameSize, channels, data } = report.record;
  const color = channels === 1 ? 'gray' : `${channels} channels`;
  return {
    name,
    description: `Makes videos of ${frames} frames of ${frameSize[1]} x ${frameSize[0]} pixels, ${color}, like those of ${data}.`,
    training,
    evaluation: report,
    limits: [
      'It makes nothing but what its data set shows, in the size that it was trained in.',
      'The scores are of this generator: the same configuration with another seed gives another one.',
    ],
  };
}

/**
 * Writes what evaluations found: `report.json`, `model-card.md`, `model-card.json` and
 * `neighbors.png`; of several runs in a folder for each, with `comparison.md` beside them.
 *
 * @returns the paths of the files.
 * @throws UsageError when the folder cannot be written.
 */
export async function writeEvaluations(
  folder: string,
  evaluations: readonly RunEvaluation[],
): Promise<string[]> {
  const several = evaluations.length > 1;
  const files = new Map<string, Uint8Array | string>();
  evaluations.forEach((evaluation, i) => {
    const at = several ? join(folder, `${i + 1}-${safe(evaluation.name)}`) : folder;
    const card = modelCardOf(evaluation);
    files.set(join(at, 'report.json'), `${JSON.stringify(evaluation.report, null, 2)}\n`);
    files.set(join(at, 'model-card.md'), modelCardMarkdown(card));
    files.set(join(at, 'model-card.json'), modelCardJson(card));
    files.set(join(at, 'neighbors.png'), evaluation.neighbors);
  });
  if (several) {
    const reports = evaluations.map(({ name, report }) => [name, report]);
    files.set(join(folder, 'comparison.md'), `${comparisonTable(Object.fromEntries(reports))}\n`);
  }
  try {
    for (const [path, content] of files) {
      await makeFolder(join(path, '..'));
      await writeFileAtomic(path, Buffer.from(content));
    }
  } catch (error) {
    throw new UsageError(`cannot write to ${folder}: ${fileReason(error)}`, { cause: error });
  }
  return [...files.keys()];
}

/** A run's name as the name of a folder. */
const safe = (name: string) => name.replaceAll(/[^\w.-]+/g, '_');
