import { unzipSync, zipSync, type UnzipFileInfo } from 'fflate';
import { formatNpy, NpyError, parseNpy, type NpyArray } from './npy.js';

/** No archive that tgan reads unpacks to more. A larger claim means a damaged or hostile file. */
const largestTotal = 2 ** 31 - 1;

/** The size that any archive may unpack to, such as one of arrays that are all zero. */
const freeTotal = 2 ** 28;

/** Beyond that, this many times the size of the archive. Weights hardly compress. */
const usualCompression = 64;

/** The largest compression ratio of deflate. */
const bestCompression = 1032;

/**
 * Reads a .npz archive: the arrays that `numpy.savez` or `savez_compressed` stored, by name.
 *
 * @param bytes - the file.
 * @param wanted - the names of the arrays to read. Default: all. Other arrays may be of any type.
 * @throws NpyError, before anything large is allocated, when it is not a zip archive, claims to
 * unpack to more than such a file can contain, or an array in it is not readable. The message names
 * the array.
 */
export function parseNpz(
  bytes: Uint8Array,
  wanted: (name: string) => boolean = () => true,
): Map<string, NpyArray> {
  const isWanted = (name: string) => name.endsWith(suffix) && wanted(arrayName(name));
  let files: Record<string, Uint8Array>;
  try {
    // All claims are added up before the first array is unpacked.
    const check = checkClaims(bytes.length);
    unzipSync(bytes, { filter: (entry) => isWanted(entry.name) && check(entry) });
    files = unzipSync(bytes, { filter: ({ name }) => isWanted(name) });
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

/**
 * Reads what the archive says about each array, and throws if it is impossible. Unpacks none of
 * them.
 */
function checkClaims(fileBytes: number): (entry: UnzipFileInfo) => false {
  const most = Math.min(largestTotal, freeTotal + usualCompression * fileBytes);
  let [packed, unpacked] = [0, 0];
  return ({ name, size, originalSize }) => {
    packed += size;
    unpacked += originalSize;
    if (originalSize > (size + 64) * bestCompression) {
      throw new NpyError(`${name} claims ${originalSize} bytes`);
    }
    if (packed > fileBytes) throw new NpyError(`its arrays overlap, ${name} with one before it`);
    if (unpacked > most) {
      throw new NpyError(
        `its arrays claim ${unpacked} bytes or more, too many for a file of ${fileBytes}`,
      );
    }
    return false;
  };
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
