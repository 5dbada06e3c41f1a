import { createHash } from 'node:crypto';
import * as z from 'zod';
import { DatasetError } from './error.js';
import type { RangeFile } from './range-file.js';
import type { Json } from './video-set.js';

// A packed file: a head of 16 bytes, the frames of all videos one after the other, the index as
// JSON, and a tail that says where the index is. All that a reader allocates is bounded by what the
// file really holds.

/** The first bytes of a packed file. */
export const headMagic: Uint8Array = Buffer.from('tganclip', 'latin1');
const tailMagic = Buffer.from('tganends', 'latin1');
const version = 1;

/** Where the frames begin, in bytes. */
export const headBytes = 16;
const tailBytes = 56;

/**
 * The index of a million videos takes about as much; a larger claim is a damaged or hostile file.
 */
const largestIndex = 2 ** 28;

const size = z.int().min(1).max(65_536);
const json: z.ZodType<Json> = z.json();

const indexSchema = z
  .strictObject({
    /** Of every stored frame. */
    frame: z.strictObject({
      height: size,
      width: size,
      channels: z.union([z.literal(1), z.literal(3)]),
    }),
    /** The part of a frame that clips show. */
    crop: z
      .strictObject({ top: z.int().min(0), left: z.int().min(0), height: size, width: size })
      .optional(),
    classes: z.array(z.string()).optional(),
    /** In the order of their frames in the file. */
    videos: z.array(
      z.strictObject({
        name: z.string(),
        frames: z.int().min(1),
        label: z.int().min(0).optional(),
        /** Of the video's frames. */
        sha256: z.string().regex(/^[0-9a-f]{64}$/),
        /** What was wrong with a video that could be used in part. */
        damage: z.string().optional(),
      }),
    ),
    /** What could not be used, and why. */
    unusable: z.array(z.strictObject({ name: z.string(), reason: z.string() })),
    /** Which data set it is, which part, and how the frames were made. */
    provenance: z.record(z.string(), json),
    /** Of all that the file was prepared from. */
    fingerprint: z.string(),
  })
  .superRefine(({ frame, crop, classes, videos }, context) => {
    if (crop && (crop.top + crop.height > frame.height || crop.left + crop.width > frame.width)) {
      context.addIssue('the crop is larger than the frame');
    }
    if (videos.some(({ label }) => label !== undefined && label >= (classes?.length ?? 0))) {
      context.addIssue('a label has no class');
    }
  });

/** What a packed file holds, apart from the frames. */
export type PackedIndex = z.output<typeof indexSchema>;

/** How many bytes a stored frame has. */
export const frameBytesOf = ({ frame }: Pick<PackedIndex, 'frame'>): number =>
  frame.height * frame.width * frame.channels;

/** The first bytes of a packed file. */
export function packedHead(): Uint8Array {
  const head = Buffer.alloc(headBytes);
  head.set(headMagic);
  head.writeUInt32LE(version, 8);
  return head;
}

/** The last bytes of a packed file, for an index that begins at `offset`. */
export function packedEnd(index: PackedIndex, offset: number): Uint8Array {
  const text = Buffer.from(JSON.stringify(index));
  const tail = Buffer.alloc(tailBytes);
  tail.writeBigUInt64LE(BigInt(offset), 0);
  tail.writeBigUInt64LE(BigInt(text.length), 8);
  createHash('sha256').update(text).digest().copy(tail, 16);
  tailMagic.copy(tail, 48);
  return Buffer.concat([text, tail]);
}

/**
 * Reads the index of a packed file.
 *
 * @throws DatasetError when the file is no packed file, is cut short, or its index is damaged.
 */
export async function readIndex(file: RangeFile): Promise<{ index: PackedIndex; sha256: string }> {
  const fail = (reason: string, cause?: unknown): never => {
    throw new DatasetError(`${file.path}: ${reason}`, { cause });
  };
  if (file.size < headBytes + tailBytes) fail('too short for a packed file');
  const head = Buffer.from(await file.read(0, headBytes));
  if (!head.subarray(0, 8).equals(headMagic)) fail('not a packed file of clips');
  const written = head.readUInt32LE(8);
  if (written !== version) fail(`packed as version ${written}; version ${version} is read here`);
  const tail = Buffer.from(await file.read(file.size - tailBytes, tailBytes));
  if (!tail.subarray(48).equals(tailMagic))
    fail('cut short, or never finished: its end is missing');
  const offset = Number(tail.readBigUInt64LE(0));
  const length = Number(tail.readBigUInt64LE(8));
  if (length > largestIndex || offset + length + tailBytes !== file.size) {
    fail(`its index claims ${length} bytes from ${offset} on, in a file of ${file.size}`);
  }
  const text = Buffer.from(await file.read(offset, length));
  const digest = createHash('sha256').update(text).digest();
  if (!digest.equals(tail.subarray(16, 48))) fail('its index is damaged: the SHA-256 differs');

  let parsed: unknown;
  try {
    parsed = JSON.parse(text.toString('utf8'));
  } catch (cause) {
    fail('its index is no JSON', cause);
  }
  const result = indexSchema.safeParse(parsed);
  if (!result.success) {
    const { path, message } = result.error.issues[0];
    return fail(`its index is wrong at ${path.join('.') || 'its top'}: ${message}`);
  }
  const frames = result.data.videos.reduce((sum, video) => sum + video.frames, 0);
  if (headBytes + frames * frameBytesOf(result.data) !== offset) {
    fail(`its index tells of ${frames} frames, and the file has room for others`);
  }
  return { index: result.data, sha256: digest.toString('hex') };
}
