import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MetricsError } from '../errors.js';
import { sha256 } from '../sha256.js';
import { MovingMnistExtractor } from './moving-mnist-extractor.js';
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
  /** Judged on MNIST's test digits: shares, by kind of canvas. */
  readonly test: Readonly<Record<string, number | Readonly<Record<string, number>>>>;
}

/** What comes with this package. */
const own = new URL('../../weights/', import.meta.url);

/**
 * Loads the reader that comes with this package, or one that `tools/train-reader.mjs` wrote to
 * another folder, and checks that its weights are those of its record.
 *
 * @returns the reader, which is the caller's to dispose of, and the record of its training.
 * @throws MetricsError when a file is missing or damaged.
 */
export async function loadMovingMnistReader(
  folder: URL | string = own,
): Promise<{ reader: MovingMnistReader; record: ReaderRecord }> {
  const { weights, record } = await weightsOf(folder);
  return { reader: new MovingMnistReader(weights), record };
}

/**
 * Loads the features of {@link MovingMnistExtractor}, as {@link loadMovingMnistReader} does.
 *
 * @param digitSize - height and width in pixels of the digits in the clips; 28 unless told.
 * @returns the extractor, which is the caller's to dispose of.
 * @throws as {@link loadMovingMnistReader} does.
 */
export async function loadMovingMnistExtractor(
  folder: URL | string = own,
  digitSize?: number,
): Promise<MovingMnistExtractor> {
  return MovingMnistExtractor.create((await weightsOf(folder)).weights, digitSize);
}

async function weightsOf(folder: URL | string) {
  const path = typeof folder === 'string' ? folder : fileURLToPath(folder);
  const [recordPath, weightsPath] = ['json', 'bin'].map((type) =>
    join(path, `moving-mnist-reader.${type}`),
  );
  const record = parseRecord((await bytesOf(recordPath)).toString(), recordPath);
  const weights = await bytesOf(weightsPath);
  if ((await sha256(weights)) !== record.weights.sha256) {
    throw new MetricsError(
      `${weightsPath} is damaged: its SHA-256 is not that of its record; ${remedy}`,
    );
  }
  return { weights, record };
}

function parseRecord(json: string, path: string): ReaderRecord {
  try {
    const record = JSON.parse(json) as ReaderRecord;
    if (typeof record.weights.sha256 === 'string') return record;
  } catch {
    // The message below says it.
  }
  throw new MetricsError(`${path} is no record of a reader's training; ${remedy}`);
}

async function bytesOf(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw new MetricsError(`${path} is not readable; ${remedy}`, { cause });
  }
}

const remedy = 'install @tgan/metrics again';
