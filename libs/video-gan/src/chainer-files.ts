import { parseNpz } from '@tgan/core';
import type { ChainerArray } from '@tgan/gan-layers';
import type { ChainerSnapshots } from './chainer.js';

/** Snapshots are not what the original code writes, or do not make one Temporal GAN. The message says where and how. */
export class ChainerImportError extends Error {
  override readonly name = 'ChainerImportError';
}

/** The files of the original code's snapshots, or one archive that has all three as `fsgen/...`, `vgen/...`, `vdis/...`. */
export type ChainerFiles = Readonly<Record<keyof ChainerSnapshots, Uint8Array>> | Uint8Array;

const networks = ['fsgen', 'vgen', 'vdis'] as const;

/**
 * Reads the snapshots of the original code.
 *
 * @throws ChainerImportError when a file is no archive of arrays, or an array has a value that is no number.
 */
export function readChainerFiles(files: ChainerFiles): ChainerSnapshots {
  if (!(files instanceof Uint8Array)) {
    const [fsgen, vgen, vdis] = networks.map((name) => readArrays(files[name], name));
    return { fsgen, vgen, vdis };
  }
  const [fsgen, vgen, vdis] = networks.map((name) => {
    // Chainer's snapshot of a whole trainer names them `updater/model:fsgen/...`, and has much beside.
    const prefix = new RegExp(`^(updater/model:)?${name}/`);
    const own = [...readArrays(files, 'the archive', (path) => prefix.test(path))];
    if (own.length === 0) throw new ChainerImportError(`the archive has no arrays ${name}/...`);
    return new Map(own.map(([path, array]) => [path.replace(prefix, ''), array]));
  });
  return { fsgen, vgen, vdis };
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
      throw new ChainerImportError(`${subject}: ${name} has values that are no numbers`);
    }
  }
  return arrays;
}
