import { parseNpz } from '@tgan/core';
import type { ChainerArray, ChainerArrays } from './weights.js';

/**
 * The snapshots are not the original code's, or do not form one Temporal GAN. The message says
 * where and how.
 */
export class ChainerImportError extends Error {
  override readonly name = 'ChainerImportError';
}

/** The original code's three networks, each with its arrays by name. */
export interface ChainerSnapshots {
  /** The temporal generator G0. */
  readonly fsgen: ChainerArrays;
  /** The image generator G1. */
  readonly vgen: ChainerArrays;
  /** The critic D. */
  readonly vdis: ChainerArrays;
}

/**
 * The bytes of the three snapshots, or of one archive that has them as `fsgen/...`, `vgen/...` and
 * `vdis/...`.
 */
export type ChainerFiles = Readonly<Record<keyof ChainerSnapshots, Uint8Array>> | Uint8Array;

/**
 * Reads the snapshots of the original code.
 *
 * @throws ChainerImportError when a file is no archive of arrays, or an array has a value that is
 * NaN or infinite.
 */
export function readChainerFiles(files: ChainerFiles): ChainerSnapshots {
  if (!(files instanceof Uint8Array)) {
    const arraysOf = (name: keyof ChainerSnapshots) => readArrays(files[name], name);
    return { fsgen: arraysOf('fsgen'), vgen: arraysOf('vgen'), vdis: arraysOf('vdis') };
  }
  const arraysOf = (name: keyof ChainerSnapshots) => {
    // Chainer's snapshot of a whole trainer names them `updater/model:fsgen/...`, and holds more.
    const prefix = new RegExp(`^(updater/model:)?${name}/`);
    const own = [...readArrays(files, 'the archive', (path) => prefix.test(path))];
    if (own.length === 0) throw new ChainerImportError(`the archive has no arrays ${name}/...`);
    return new Map(own.map(([path, array]) => [path.replace(prefix, ''), array]));
  };
  return { fsgen: arraysOf('fsgen'), vgen: arraysOf('vgen'), vdis: arraysOf('vdis') };
}

function readArrays(
  bytes: Uint8Array,
  subject: string,
  wanted: (path: string) => boolean = () => true,
): Map<string, ChainerArray> {
  let arrays: Map<string, ChainerArray>;
  try {
    // Batch norm counts its batches in N, a 64-bit integer that nothing here needs.
    arrays = parseNpz(bytes, (path) => wanted(path) && !/(^|\/)N$/.test(path));
  } catch (error) {
    throw new ChainerImportError(`${subject}: ${(error as Error).message}`, { cause: error });
  }
  for (const [name, { data }] of arrays) {
    if (!Array.prototype.every.call(data, Number.isFinite)) {
      throw new ChainerImportError(`${subject}: ${name} contains values that are not finite`);
    }
  }
  return arrays;
}
