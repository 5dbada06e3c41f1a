import { readFileSync } from 'node:fs';
import protobuf from 'protobufjs';
import { crc32c } from '../record.js';

/** What TensorFlow's event.proto and summary.proto say, as far as events are written here. */
const { root } = protobuf.parse(`
  syntax = "proto3";
  message Event {
    double wall_time = 1;
    int64 step = 2;
    oneof what { string file_version = 3; Summary summary = 5; SessionLog session_log = 7; }
  }
  message SessionLog {
    enum SessionStatus { STATUS_UNSPECIFIED = 0; START = 1; STOP = 2; CHECKPOINT = 3; }
    SessionStatus status = 1;
  }
  message Summary {
    message Image { int32 height = 1; int32 width = 2; int32 colorspace = 3; bytes encoded_image_string = 4; }
    message Value {
      string tag = 1;
      oneof value { float simple_value = 2; Image image = 4; HistogramProto histo = 5; }
    }
    repeated Value value = 1;
  }
  message HistogramProto {
    double min = 1; double max = 2; double num = 3; double sum = 4; double sum_squares = 5;
    repeated double bucket_limit = 6 [packed = true];
    repeated double bucket = 7 [packed = true];
  }
`);
const Event = root.lookupType('Event');

/** A value of a summary, as protobufjs gives it. */
export interface Value {
  readonly tag: string;
  readonly simpleValue?: number;
  readonly image?: {
    height: number;
    width: number;
    colorspace: number;
    encodedImageString: Buffer;
  };
  readonly histo?: {
    min: number;
    max: number;
    num: number;
    sum: number;
    sumSquares: number;
    bucketLimit: number[];
    bucket: number[];
  };
}

/** An event, as protobufjs gives it. */
export interface ReadEvent {
  readonly wallTime: number;
  readonly step: number;
  readonly fileVersion?: string;
  readonly sessionLog?: { status: string };
  readonly summary?: { value: Value[] };
}

/** Reads the message of an event by a decoder that is not ours. */
export function readEvent(bytes: Uint8Array): ReadEvent {
  const options = { longs: Number, enums: String };
  return Event.toObject(Event.decode(bytes), options) as unknown as ReadEvent;
}

/** Reads the records of a file one after the other and checks their sums. */
export function readRecords(file: Uint8Array): Buffer[] {
  const bytes = Buffer.from(file);
  const records: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    const length = Number(bytes.readBigUInt64LE(at));
    const data = bytes.subarray(at + 12, at + 12 + length);
    if (unmask(bytes.readUInt32LE(at + 8)) !== crc32c(bytes.subarray(at, at + 8))) {
      throw new Error(`the length at ${at} does not have its sum`);
    }
    if (unmask(bytes.readUInt32LE(at + 12 + length)) !== crc32c(data)) {
      throw new Error(`the record at ${at} does not have its sum`);
    }
    records.push(data);
    at += 16 + length;
  }
  return records;
}

/** The events of a file. */
export const readEvents = (path: string) => readRecords(readFileSync(path)).map(readEvent);

function unmask(masked: number): number {
  const rotated = (masked - 0xa282ead8) >>> 0;
  return ((rotated >>> 17) | (rotated << 15)) >>> 0;
}
