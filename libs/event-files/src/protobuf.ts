/**
 * The little of Protocol Buffers' wire format that events need. Each function encodes one field of
 * a message: a key that holds the field's number and how its value is laid out, then the value. A
 * message is its fields, one after the other.
 */

/** How a value is laid out: the lower three bits of a key. */
const layout = { varint: 0, eightBytes: 1, lengthAndBytes: 2, fourBytes: 5 } as const;

const key = (field: number, kind: keyof typeof layout) => varint(field * 8 + layout[kind]);

/** A field of type int64, int32 or enum; not negative. */
export function integer(field: number, value: number): Buffer {
  return Buffer.concat([key(field, 'varint'), varint(value)]);
}

/** A field of type float. */
export function float(field: number, value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return Buffer.concat([key(field, 'fourBytes'), bytes]);
}

/** A field of type double. */
export function double(field: number, value: number): Buffer {
  return Buffer.concat([key(field, 'eightBytes'), doublesOf([value])]);
}

/** A field of type repeated double, packed. */
export function doubles(field: number, values: readonly number[]): Buffer {
  return bytes(field, doublesOf(values));
}

/** A field of type string. */
export function text(field: number, value: string): Buffer {
  return bytes(field, Buffer.from(value));
}

/** A field of type bytes. */
export function bytes(field: number, value: Uint8Array): Buffer {
  return Buffer.concat([key(field, 'lengthAndBytes'), varint(value.length), value]);
}

/** A field that is a message, of these fields. */
export function message(field: number, ...fields: readonly Uint8Array[]): Buffer {
  return bytes(field, Buffer.concat(fields));
}

/**
 * Seven bits a byte, the lowest first; the top bit says that more follow. No bit operators: they
 * end at 32 bits.
 */
function varint(value: number): Buffer {
  const digits: number[] = [];
  for (; value >= 128; value = Math.floor(value / 128)) digits.push((value % 128) + 128);
  return Buffer.from([...digits, value]);
}

function doublesOf(values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(8 * values.length);
  values.forEach((value, i) => bytes.writeDoubleLE(value, 8 * i));
  return bytes;
}
