import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { crc32c, formatRecord } from './record.js';
import { readRecords } from './testing/read-events.js';

const ascending = Uint8Array.from({ length: 32 }, (_, i) => i);
const read10Command = Buffer.from(
  '01c00000000000000000000000000000140000000000040000000014000000182800000000000000' +
    '0200000000000000',
  'hex',
);

describe('crc32c', () => {
  // The vectors of RFC 3720, appendix B.4, and the usual check value.
  it.each([
    ['nothing', Buffer.alloc(0), 0],
    ['123456789', Buffer.from('123456789'), 0xe3069283],
    ['32 zeros', Buffer.alloc(32), 0x8a9136aa],
    ['32 bytes of ones', Buffer.alloc(32, 0xff), 0x62a8ab43],
    ['32 bytes up', ascending, 0x46dd794e],
    ['32 bytes down', ascending.toReversed(), 0x113fdb5c],
    ['an iSCSI read command', read10Command, 0xd9963a56],
  ])('of %s is the known one', (_, bytes, sum) => {
    expect(crc32c(bytes)).toBe(sum);
  });

  it('notices any one bit', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 200 }), fc.nat(), (bytes, at) => {
        const other = bytes.slice();
        other[(at >> 3) % bytes.length] ^= 1 << (at & 7);
        expect(crc32c(other)).not.toBe(crc32c(bytes));
      }),
    );
  });
});

describe('formatRecord', () => {
  it('frames what a reader finds again, one after the other', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 300 })), (records) => {
        const file = Buffer.concat(records.map(formatRecord));
        expect(readRecords(file).map((record) => [...record])).toEqual(
          records.map((record) => [...record]),
        );
      }),
    );
  });
});
