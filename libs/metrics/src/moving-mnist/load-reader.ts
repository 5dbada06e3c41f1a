import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { MetricsError } from '../errors.js';
import { MovingMnistReader } from './reader.js';

/** How the reader was trained, as `tools/train-reader.mjs` wrote it down. */
export interface ReaderRecord {
  /** The command that trains it again. */
  readonly command: string;
  readonly seed: number;
  readonly steps: number;
  /** SHA-256 of MNIST's files, by name. */
  readonly data: Readonly<Record<string, string>>;
  readonly weights: { readonly bytes: number; readonly sha256: string };
}

const folder = new URL('../../weights/', import.meta.url);

/**
 * Loads the reader that comes with this package, and checks that its weights are those of its record.
 *
 * @returns the reader, which is the caller's to dispose of, and the record of its training.
 * @throws MetricsError when a file is missing or damaged.
 */
export async function loadMovingMnistReader(): Promise<{
  reader: MovingMnistReader;
  record: ReaderRecord;
}> {
  const record = JSON.parse((await bytesOf('moving-mnist-reader.json')).toString()) as ReaderRecord;
  const weights = await bytesOf('moving-mnist-reader.bin');
  const sha256 = createHash('sha256').update(weights).digest('hex');
  if (sha256 !== record.weights.sha256) {
    throw new MetricsError(
      `moving-mnist-reader.bin is damaged (its SHA-256 differs from its record's); install @tgan/metrics again`,
    );
  }
  return { reader: new MovingMnistReader(weights), record };
}

async function bytesOf(file: string): Promise<Buffer> {
  const url = new URL(file, folder);
  try {
    return await readFile(url);
  } catch (cause) {
    throw new MetricsError(`${fileURLToPath(url)} is not readable; install @tgan/metrics again`, {
      cause,
    });
  }
}
