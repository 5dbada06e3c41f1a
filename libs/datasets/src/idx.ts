import { DatasetError } from './error.js';

/** An array out of an IDX file, MNIST's own format: unsigned bytes, row-major. */
export interface IdxArray {
  readonly shape: readonly number[];
  /** A view of the bytes that were parsed, not a copy. */
  readonly data: Uint8Array;
}

const unsignedByte = 0x08;

/**
 * Reads an IDX file of unsigned bytes: two zero bytes, the element type, the number of dimensions, each
 * dimension as a big-endian 32-bit number, then the elements.
 *
 * @throws DatasetError when the bytes are no such file, or their number is not what the dimensions ask for.
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
  const size = shape.reduce((product, n) => product * n, 1);
  if (bytes.length !== start + size) {
    throw new DatasetError(
      `an IDX file of ${shape.join(' x ')} has ${start + size} bytes, this one has ${bytes.length}`,
    );
  }
  return { shape, data: bytes.subarray(start) };
}
