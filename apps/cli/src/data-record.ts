import { readFile } from 'node:fs/promises';
import type { ClipSource } from '@tgan/datasets';
import { writeFileAtomic } from '@tgan/runs';
import { UsageError } from './errors.js';
import type { RunFolder } from './run-folder.js';

/**
 * Keeps in a run's folder which data it learns from: the set, its split and part, the checksum of a packed file.
 *
 * @throws UsageError when a resumed run would go on with other data than it began with.
 */
export async function recordData(run: RunFolder, { provenance }: ClipSource): Promise<void> {
  const path = run.part('data');
  const record = `${JSON.stringify(provenance, undefined, 2)}\n`;
  const before = await readFile(path, 'utf8').catch(() => record);
  if (before !== record) {
    throw new UsageError(
      `the data are not those that the run began with, see ${path}; begin another run with --out, or delete that file to go on nevertheless`,
    );
  }
  await writeFileAtomic(path, Buffer.from(record));
}
