import { sizeOf } from './arrays.js';

/** The supported element types of npy files, by NumPy's names without the byte order. */
const arrayTypes = {
  f4: Float32Array,
  f8: Float64Array,
  i1: Int8Array,
  i2: Int16Array,
  i4: Int32Array,
  u1: Uint8Array,
  u2: Uint16Array,
  u4: Uint32Array,
} as const;

/** A NumPy element type: `f4` is float32, `u1` is uint8 and so on. */
export type NpyType = keyof typeof arrayTypes;

/** The header of a .npy file. */
export interface NpyHeader {
  readonly type: NpyType;
  readonly shape: readonly number[];
  /** Where the elements begin, in bytes from the start of the file. */
  readonly dataOffset: number;
  /** The size of all elements in bytes. */
  readonly dataBytes: number;
}

/** An array as NumPy stores it: row-major elements and their shape. */
export interface NpyArray {
  readonly type: NpyType;
  readonly shape: readonly number[];
  readonly data: InstanceType<(typeof arrayTypes)[NpyType]>;
}

/** A file does not follow its format. The message says where and how. */
export class NpyError extends Error {
  override readonly name = 'NpyError';
}

const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]; // "\x93NUMPY"

/** No NumPy header of a plain array is this long. A longer one means a damaged or hostile file. */
const longestHeader = 65_536;

/**
 * Reads the header of a .npy file from its first bytes, so that the rest of a large file can be
 * read in parts.
 *
 * @param bytes - the start of the file; 64 KiB are always enough.
 * @param fileBytes - the size of the whole file, to reject a header that claims more.
 * @throws NpyError when the file is not an npy file, has an unsupported type or order, or is
 * truncated.
 */
export function parseNpyHeader(bytes: Uint8Array, fileBytes = bytes.length): NpyHeader {
  if (bytes.length < 12 || magic.some((byte, i) => bytes[i] !== byte)) {
    throw new NpyError('not a .npy file: it does not begin with the NumPy magic bytes');
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const major = bytes[6];
  if (major < 1 || major > 3) throw new NpyError(`.npy format version ${major} is not known`);
  const start = major === 1 ? 10 : 12;
  const length = major === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (length > longestHeader) throw new NpyError(`its header claims ${length} bytes`);
  const dataOffset = start + length;
  if (dataOffset > bytes.length) throw new NpyError('cut short inside its header');
  const text = new TextDecoder('latin1').decode(bytes.subarray(start, dataOffset));

  const descr = /'descr':\s*'([<>|=]?)([a-z]\d+)'/.exec(text);
  const order = /'fortran_order':\s*(True|False)/.exec(text);
  const dimensions = /'shape':\s*\(([\d,\s]*)\)/.exec(text);
  if (!descr || !order || !dimensions) throw new NpyError(`its header reads ${text.trim()}`);
  const type = descr[2] as NpyType;
  if (!Object.hasOwn(arrayTypes, type) || (descr[1] === '>' && !type.endsWith('1'))) {
    const known = Object.keys(arrayTypes).join(', ');
    throw new NpyError(
      `its elements are '${descr[1]}${descr[2]}'; read here, little-endian: ${known}`,
    );
  }
  if (order[1] === 'True') throw new NpyError('it is in Fortran order; save it in C order');

  const shape = dimensions[1].split(',').flatMap((n) => (n.trim() ? [Number(n)] : []));
  const dataBytes = sizeOf(shape) * arrayTypes[type].BYTES_PER_ELEMENT;
  if (!Number.isSafeInteger(dataBytes) || dataOffset + dataBytes > fileBytes) {
    throw new NpyError(
      `cut short: shape (${shape.join(', ')}) of ${type} needs ${dataOffset + dataBytes} bytes, the file has ${fileBytes}`,
    );
  }
  return { type, shape, dataOffset, dataBytes };
}

/**
 * Reads a whole .npy file.
 *
 * @param bytes - the file.
 * @returns the array, with its elements copied from `bytes`.
 * @throws NpyError as {@link parseNpyHeader}.
 */
export function parseNpy(bytes: Uint8Array): NpyArray {
  const { type, shape, dataOffset, dataBytes } = parseNpyHeader(bytes);
  // Not bytes.slice(): on a Node Buffer that would be a view of Node's own pool.
  const elements = new Uint8Array(bytes.subarray(dataOffset, dataOffset + dataBytes));
  return { type, shape, data: new arrayTypes[type](elements.buffer) };
}

/**
 * Writes an array as a .npy file (format 1.0).
 *
 * @throws NpyError when the shape does not match the number of elements.
 */
export function formatNpy({ type, shape, data }: NpyArray): Uint8Array {
  const size = sizeOf(shape);
  if (size !== data.length) {
    throw new NpyError(`shape (${shape.join(', ')}) holds ${size} elements, got ${data.length}`);
  }
  const order = type.endsWith('1') ? '|' : '<';
  const dimensions = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const text = `{'descr': '${order}${type}', 'fortran_order': False, 'shape': (${dimensions}), }`;
  const padded = text.padEnd(Math.ceil((text.length + 11) / 64) * 64 - 11) + '\n';
  const header = new Uint8Array([...magic, 1, 0, padded.length & 255, padded.length >> 8]);
  const file = new Uint8Array(header.length + padded.length + data.byteLength);
  file.set(header);
  file.set(new TextEncoder().encode(padded), header.length);
  file.set(
    new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
    header.length + padded.length,
  );
  return file;
}
