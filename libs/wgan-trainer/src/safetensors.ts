import { sizeOf } from '@tgan/core';

/** An array of float32 numbers, row by row, and its shape. */
export interface FloatArray {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** The contents of a safetensors file. */
export interface Safetensors {
  /** The arrays by name. */
  readonly arrays: ReadonlyMap<string, FloatArray>;
  /** Strings by name. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** The bytes are not a safetensors file of float32 arrays. The message says where and how. */
export class SafetensorsError extends Error {
  override readonly name = 'SafetensorsError';
}

/** The key of the header that holds the metadata, which no array may have. */
const metadataKey = '__metadata__';

/** The longest header in bytes that the format allows. */
const longestHeader = 100_000_000;

/**
 * Writes float32 arrays as a safetensors file: the length of a JSON header (u64), the header with
 * the type, shape and place of each array, and the numbers. Other tools read the format, and
 * reading it runs no code.
 *
 * @throws SafetensorsError when an array's shape does not fit its numbers, or its name is reserved.
 */
export function formatSafetensors({
  arrays,
  metadata = {},
}: Pick<Safetensors, 'arrays'> & Partial<Safetensors>): Uint8Array {
  let dataBytes = 0;
  const entries: [string, unknown][] = [[metadataKey, metadata]];
  for (const [name, { shape, data }] of arrays) {
    if (name === metadataKey) throw new SafetensorsError(`no array can be called ${name}`);
    if (sizeOf(shape) !== data.length) {
      throw new SafetensorsError(`${name}: [${shape}] does not hold ${data.length} numbers`);
    }
    const data_offsets = [dataBytes, (dataBytes += data.byteLength)];
    entries.push([name, { dtype: 'F32', shape, data_offsets }]);
  }
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries(entries)));
  // Padded with spaces, so that the numbers begin at a multiple of eight bytes.
  const headerBytes = Math.ceil(json.length / 8) * 8;
  const bytes = new Uint8Array(8 + headerBytes + dataBytes);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(headerBytes), true);
  bytes.fill(0x20, 8, 8 + headerBytes);
  bytes.set(json, 8);
  let at = 8 + headerBytes;
  for (const { data } of arrays.values()) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return bytes;
}

/**
 * Reads a safetensors file of float32 arrays. It never allocates more than the file has bytes,
 * whatever the header says.
 *
 * @returns copies of the arrays, in the order of their numbers in the file.
 * @throws SafetensorsError when the bytes are not such a file, the header does not fit them, or a
 * type is not F32.
 */
export function parseSafetensors(bytes: Uint8Array): Safetensors {
  const { header, dataOffset } = parseHeader(bytes);
  const metadata = metadataOf(header[metadataKey]);
  const places = Object.entries(header)
    .filter(([name]) => name !== metadataKey)
    .map(([name, entry]) => ({ name, ...placeOf(name, entry) }))
    .sort((a, b) => a.begin - b.begin || a.end - b.end);
  const arrays = new Map<string, FloatArray>();
  let next = 0;
  // The format forbids gaps and overlaps, so the arrays are not larger than the file.
  for (const { name, shape, begin, end } of places) {
    if (begin !== next) {
      throw new SafetensorsError(`${name} begins at byte ${begin} of the data, expected ${next}`);
    }
    if (dataOffset + end > bytes.length) {
      const there = bytes.length - dataOffset;
      throw new SafetensorsError(`cut short: ${name} ends at byte ${end} of ${there} of the data`);
    }
    // A copy, because the offset may not be a multiple of four. Not `slice`, which shares memory in
    // a Buffer.
    const copy = new Uint8Array(bytes.subarray(dataOffset + begin, dataOffset + end));
    const data = new Float32Array(copy.buffer);
    arrays.set(name, { shape, data });
    next = end;
  }
  if (dataOffset + next !== bytes.length) {
    throw new SafetensorsError(`${bytes.length - dataOffset - next} bytes belong to no array`);
  }
  return { arrays, metadata };
}

function parseHeader(bytes: Uint8Array): { header: Record<string, unknown>; dataOffset: number } {
  if (bytes.length < 8) {
    throw new SafetensorsError(`a safetensors file has at least 8 bytes, this has ${bytes.length}`);
  }
  const { buffer, byteOffset } = bytes;
  const length = Number(new DataView(buffer, byteOffset).getBigUint64(0, true));
  if (length > longestHeader || 8 + length > bytes.length) {
    throw new SafetensorsError(
      `no safetensors file, or cut short: a header of ${length} bytes in a file of ${bytes.length}`,
    );
  }
  let header: unknown;
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(8, 8 + length));
    header = JSON.parse(text);
  } catch (error) {
    throw new SafetensorsError(`the header is no JSON: ${(error as Error).message}`);
  }
  if (!isObject(header)) throw new SafetensorsError('the header is no JSON object');
  return { header, dataOffset: 8 + length };
}

function metadataOf(metadata: unknown = {}): Record<string, string> {
  if (!isObject(metadata) || !Object.values(metadata).every((text) => typeof text === 'string')) {
    throw new SafetensorsError(`${metadataKey} must be an object of texts`);
  }
  return metadata as Record<string, string>;
}

function placeOf(name: string, entry: unknown) {
  if (!isObject(entry)) throw new SafetensorsError(`${name}: the header has no object for it`);
  const { dtype, shape, data_offsets } = entry;
  if (dtype !== 'F32') {
    throw new SafetensorsError(`${name}: F32 alone is read, this is ${JSON.stringify(dtype)}`);
  }
  if (!isCounts(shape)) throw new SafetensorsError(`${name}: its shape is not a list of sizes`);
  if (!isCounts(data_offsets) || data_offsets.length !== 2) {
    throw new SafetensorsError(`${name}: its data_offsets are no two places`);
  }
  const [begin, end] = data_offsets;
  if (end - begin !== 4 * sizeOf(shape)) {
    throw new SafetensorsError(`${name}: ${end - begin} bytes do not fill [${shape}]`);
  }
  return { shape, begin, end };
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isCounts = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every((count) => Number.isSafeInteger(count) && count >= 0);
