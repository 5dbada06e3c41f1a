import { unzipSync, zipSync } from 'fflate';
import { formatNpy, NpyError, parseNpy, type NpyArray } from './npy.js';

/** No archive that tgan reads unpacks to more; a larger claim is a damaged or hostile file. */
const largestArray = 2 ** 31 - 1;

/**
 * Deflate makes nothing more than this many times smaller; an archive that claims so is damaged or
 * hostile.
 */
const bestCompression = 1032;

/**
 * Reads a .npz archive: the arrays that `numpy.savez` or `savez_compressed` stored, by name.
 *
 * @param bytes - the file.
 * @param wanted - which arrays to read, by name; all unless told. The others are not looked at, so
 * they may be of any type.
 * @throws NpyError when it is no zip archive, or an array in it is not readable; the message names
 * that array.
 */
export function parseNpz(
  bytes: Uint8Array,
  wanted: (name: string) => boolean = () => true,
): Map<string, NpyArray> {
  let files: Record<string, Uint8Array>;
  try {
    files = unzipSync(bytes, {
      filter: ({ name, size, originalSize }) => {
        if (!name.endsWith(suffix) || !wanted(arrayName(name))) return false;
        if (originalSize > Math.min(largestArray, (size + 64) * bestCompression)) {
          throw new NpyError(`${name} claims ${originalSize} bytes`);
        }
        return true;
      },
    });
  } catch (error) {
    if (error instanceof NpyError) throw error;
    throw new NpyError(`not a readable .npz archive: ${(error as Error).message}`, {
      cause: error,
    });
  }
  const arrays = new Map<string, NpyArray>();
  for (const [file, content] of Object.entries(files)) {
    const name = arrayName(file);
    try {
      arrays.set(name, parseNpy(content));
    } catch (error) {
      throw new NpyError(`${name}: ${(error as Error).message}`, { cause: error });
    }
  }
  return arrays;
}

const suffix = '.npy';
const arrayName = (file: string) => file.slice(0, -suffix.length);

/** Writes arrays as an uncompressed .npz archive, as `numpy.savez` does. */
export function formatNpz(arrays: Iterable<readonly [string, NpyArray]>): Uint8Array {
  const files = Object.fromEntries(
    [...arrays].map(([name, a]) => [`${name}${suffix}`, formatNpy(a)]),
  );
  return zipSync(files, { level: 0 });
}
