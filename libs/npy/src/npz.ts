import { unzipSync, zipSync } from 'fflate';
import { formatNpy, NpyError, parseNpy, type NpyArray } from './npy.js';

/** No archive that tgan reads unpacks to more; a larger claim is a damaged or hostile file. */
const largestArray = 2 ** 31 - 1;

/**
 * Reads a .npz archive: the arrays that `numpy.savez` or `savez_compressed` stored, by name.
 *
 * @param bytes - the file.
 * @throws NpyError when it is no zip archive, or an array in it is not readable; the message names that array.
 */
export function parseNpz(bytes: Uint8Array): Map<string, NpyArray> {
  let files: Record<string, Uint8Array>;
  try {
    files = unzipSync(bytes, {
      filter: ({ name, originalSize }) => {
        if (originalSize > largestArray) throw new NpyError(`${name} claims ${originalSize} bytes`);
        return name.endsWith('.npy');
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
    const name = file.slice(0, -'.npy'.length);
    try {
      arrays.set(name, parseNpy(content));
    } catch (error) {
      throw new NpyError(`${name}: ${(error as Error).message}`, { cause: error });
    }
  }
  return arrays;
}

/** Writes arrays as an uncompressed .npz archive, as `numpy.savez` does. */
export function formatNpz(arrays: Iterable<readonly [string, NpyArray]>): Uint8Array {
  const files = Object.fromEntries([...arrays].map(([name, a]) => [`${name}.npy`, formatNpy(a)]));
  return zipSync(files, { level: 0 });
}
