import { maskedCrc32c } from './crc32c.js';

/**
 * Frames bytes as a TFRecord: their length (u64), its masked CRC-32C (u32), the bytes, their masked CRC-32C (u32), all
 * little-endian.
 */
export function formatRecord(data: Uint8Array): Buffer {
  const head = Buffer.alloc(12);
  head.writeBigUInt64LE(BigInt(data.length));
  head.writeUInt32LE(maskedCrc32c(head.subarray(0, 8)), 8);
  const tail = Buffer.alloc(4);
  tail.writeUInt32LE(maskedCrc32c(data));
  return Buffer.concat([head, data, tail]);
}
