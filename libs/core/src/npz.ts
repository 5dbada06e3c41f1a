import { unzipSync, zipSync, type UnzipFileInfo } from 'fflate';
import { formatNpy, NpyError, parseNpy, type NpyArray } from './npy.js';

/** No archive that tgan reads unpacks to more; a larger claim is a damaged or hostile file. */
const largestTotal = 2 ** 31 - 1;

/** What any archive may unpack to, such as one of arrays that are all zero. */
const freeTotal = 2 ** 28;

/** Beyond that: so many times its size. Weights hardly shrink at all. */
const usualCompression = 64;

/** Deflate makes nothing more than this many times smaller. */
const bestCompression = 1032;

/**
 * Reads a .npz archive: the arrays that `numpy.savez` or `savez_compressed` stored, by name.
 *
 * @param bytes - the file.
 * @param wanted - which arrays to read, by name; all unless told. The others are not looked at, so
 * they may be of any type.
 * @throws NpyError when it is no zip archive, claims to unpack to more than such a file can hold,
 * or an array in it is not readable; the message names that array. Nothing large is allocated then.
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
 * Takes what the archive says of each array, and throws when that cannot be true. Asks for none of
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
