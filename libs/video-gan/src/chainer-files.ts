import { parseNpy } from '@tgan/npy';
import type { ChainerArray } from '@tgan/gan-layers';
import { unzipSync } from 'fflate';
import type { ChainerSnapshots } from './chainer.js';

/** Snapshots are not what the original code writes, or do not make one Temporal GAN. The message says where and how. */
export class ChainerImportError extends Error {
  override readonly name = 'ChainerImportError';
}

/** The files of the original code's snapshots, or one archive that has all three as `fsgen/...`, `vgen/...`, `vdis/...`. */
export type ChainerFiles = Readonly<Record<keyof ChainerSnapshots, Uint8Array>> | Uint8Array;

const networks = ['fsgen', 'vgen', 'vdis'] as const;

/** Deflate makes nothing more than this many times smaller; an archive that claims so is damaged or hostile. */
const bestCompression = 1032;

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
  const arrays = readArrays(files, 'the archive');
  const [fsgen, vgen, vdis] = networks.map((name) => {
    // Chainer's snapshot of a whole trainer names them `updater/model:fsgen/...`.
    const prefix = new RegExp(`^(updater/model:)?${name}/`);
    const own = [...arrays].filter(([path]) => prefix.test(path));
    if (own.length === 0) throw new ChainerImportError(`the archive has no arrays ${name}/...`);
    return new Map(own.map(([path, array]) => [path.replace(prefix, ''), array]));
  });
  return { fsgen, vgen, vdis };
}

function readArrays(bytes: Uint8Array, subject: string): Map<string, ChainerArray> {
  const problem = (text: string, cause?: unknown) =>
    new ChainerImportError(`${subject}: ${text}`, { cause });
  let files: Record<string, Uint8Array>;
  try {
    files = unzipSync(bytes, {
      filter: ({ name, size, originalSize }) => {
        if (originalSize > (size + 64) * bestCompression) {
          throw problem(`${name} claims ${originalSize} bytes`);
        }
        // Batch norm counts its batches in N, a 64-bit integer that nothing here needs.
        return name.endsWith('.npy') && !/(^|\/)N\.npy$/.test(name);
      },
    });
  } catch (error) {
    if (error instanceof ChainerImportError) throw error;
    throw problem(`not a readable .npz archive: ${(error as Error).message}`, error);
  }
  const arrays = new Map<string, ChainerArray>();
  for (const [file, content] of Object.entries(files)) {
    const name = file.slice(0, -'.npy'.length);
    let array: ChainerArray;
    try {
      array = parseNpy(content);
    } catch (error) {
      throw problem(`${name}: ${(error as Error).message}`, error);
    }
    if (!Array.prototype.every.call(array.data, Number.isFinite)) {
      throw problem(`${name} has values that are no numbers`);
    }
    arrays.set(name, array);
  }
  return arrays;
}
