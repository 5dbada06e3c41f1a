import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseCheckpoint } from '@tgan/runs';

const preset = `imageSize: 32
frames: 4
latentSize: 4
temporalWidths: [4, 4]
imageWidths: [4, 2, 2]
criticWidths: [2, 2]
digits: 1
batchSize: 2
steps: 12
checkpointEvery: 5
sampleEvery: 100
sampleCount: 2
`;

/** A folder for runs, with the preset of networks so small that a step takes a few milliseconds. */
export function tinyRuns() {
  const folder = mkdtempSync(join(tmpdir(), 'tgan-runs-'));
  const tiny = join(folder, 'tiny.yaml');
  writeFileSync(tiny, preset);
  return { folder, tiny, remove: () => rmSync(folder, { recursive: true }) };
}

/** The names of a run's checkpoints, in the order of their steps. */
export const checkpointsOf = (run: string) => readdirSync(join(run, 'checkpoints')).sort();

/** What a run came to: its last trainer state, and its metrics but for how long they took. */
export function resultOf(run: string) {
  const last = join(run, 'checkpoints', checkpointsOf(run).at(-1)!);
  const lines = readFileSync(join(run, 'metrics.jsonl'), 'utf8').trim().split('\n');
  return {
    state: parseCheckpoint(readFileSync(last)).state,
    metrics: lines.map((line) => ({ ...JSON.parse(line), seconds: 0 })),
  };
}
