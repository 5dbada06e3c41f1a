import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A configuration of networks so small that a step takes a few milliseconds. */
export const tinyConfig = {
  imageSize: 32,
  frames: 4,
  latentSize: 4,
  temporalWidths: [4, 4],
  imageWidths: [4, 2, 2],
  criticWidths: [2, 2],
  digits: 1,
  batchSize: 2,
  steps: 12,
  checkpointEvery: 5,
  sampleEvery: 100,
  sampleCount: 2,
};

/** A temporary folder. */
export function temporaryFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'tgan-runs-'));
  return {
    at: (...names: string[]) => join(folder, ...names),
    remove: () => rmSync(folder, { recursive: true }),
  };
}
