import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { parseOptions, type OptionsShape } from '@tgan/core';
import { FfmpegMissingError, VideoError } from '@tgan/video-io';
import * as z from 'zod';
import { DatasetError } from './error.js';
import { journalOf, PackWriter, type PackPlan } from './pack-writer.js';
import { readPackedInfo, type PackedInfo } from './packed.js';
import { frameBytesOf } from './packed-format.js';
import type { Video, VideoSet } from './video-set.js';

/** Twenty minutes of 30 frames a second. */
const mostFrames = 36_000;

/** Options of {@link preparePacked}. */
export interface PrepareOptions {
  /** Videos of fewer frames are left out (paper: clips of 16 frames). Default 16. */
  readonly minFrames?: number;
  /**
   * At most this many frames of a video are packed, so that a small file cannot fill the disk.
   * Default 36,000.
   */
  readonly maxFrames?: number;
  /** The number of videos that are decoded at once. Default: the number of processors. */
  readonly parallel?: number;
}

/** The schema of {@link PrepareOptions}. */
export const prepareOptions = z.strictObject({
  minFrames: z.int().min(1).default(16),
  maxFrames: z.int().min(1).default(mostFrames),
  parallel: z.int().min(1).max(256).optional(),
} satisfies OptionsShape<PrepareOptions>);

/** The progress of a preparation. */
export interface PrepareProgress {
  /** Videos that are done, usable or not, and how many there are. */
  readonly done: number;
  readonly of: number;
  /** Of those that are done. */
  readonly unusable: number;
  /** The name of the last one. */
  readonly name: string;
}

/** Frames that a video may hold in memory until those before it are written. */
const heldBytes = 2 ** 24;

/**
 * Packs a data set into one file, which {@link packed} reads at random places without a decoder.
 *
 * The file depends only on the set and the options, not on the number of processors. It appears
 * only when it is complete. A preparation that was stopped, also by `kill -9` or a power cut,
 * leaves `OUT.partial` and `OUT.journal`. The same call continues from there and makes the same
 * file. It does nothing if the file exists already. `OUT.lock` keeps other processes out.
 *
 * @param set - what to pack.
 * @param out - the file to make.
 * @param options - see {@link prepareOptions}.
 * @param progress - called for each finished video, in order.
 * @param signal - stops the preparation at the next frame. The same call can continue later.
 * @returns what the file holds. Videos that cannot be used are in `unusable` with the reason; those
 * that ffmpeg could decode in part only have a `damage`.
 * @throws DatasetError when no video can be used, `out` was made from other files or with other
 * options, another process prepares it, or it cannot be written, such as on a full disk; the
 * signal's reason when it stops; FfmpegMissingError when ffmpeg is needed and missing; OptionsError
 * for an option out of range.
 */
export async function preparePacked(
  set: VideoSet,
  out: string,
  options: PrepareOptions = {},
  progress: (progress: PrepareProgress) => void = () => {},
  signal?: AbortSignal,
): Promise<PackedInfo> {
  const parsed = parseOptions(prepareOptions, options, 'preparePacked');
  const plan = planOf(set, parsed);
  const there = await finished(out, plan);
  if (there) return there;
  const writer = await PackWriter.open(out, plan);
  try {
    // Another process may have finished it before this one got the lock.
    const info = await finished(out, plan);
    if (info) {
      await writer.discard();
      return info;
    }
    await packAll(set, writer, { ...parsed, signal }, progress);
    await writer.finish(set.classify);
  } catch (error) {
    await writer.close();
    throw error;
  }
  return readPackedInfo(out);
}

/** The file when it is there already. @throws DatasetError when it was made otherwise. */
async function finished(out: string, plan: PackPlan): Promise<PackedInfo | undefined> {
  if (!existsSync(out)) return undefined;
  const info = await readPackedInfo(out);
  if (info.fingerprint === plan.fingerprint) {
    await rm(journalOf(out), { force: true }); // where it was stopped at the very end
    return info;
  }
  throw new DatasetError(
    `${out} exists already, made from other files or with other options; remove it or choose another name`,
  );
}

function planOf(
  { frame, crop, classes, classify, videos, provenance }: VideoSet,
  { minFrames, maxFrames }: z.output<typeof prepareOptions>,
): PackPlan {
  const plan = {
    frame,
    ...(crop && { crop }),
    ...(classes && { classes: [...classes] }),
    provenance: { ...provenance, minFrames, ...(maxFrames !== mostFrames && { maxFrames }) },
  };
  const inputs = videos.map(({ name, label, bytes }) => ({ name, label, bytes }));
  const names = videos.map(({ name }) => name);
  const fingerprint = createHash('sha256')
    .update(JSON.stringify([plan, inputs, ...(classify ? [classify(names)] : [])]))
    .digest('hex');
  return { ...plan, videos: inputs, fingerprint };
}

type PackOptions = z.output<typeof prepareOptions> & { readonly signal?: AbortSignal };

/** Decodes several videos at once and writes them in their order. */
async function packAll(
  { videos, frame }: VideoSet,
  writer: PackWriter,
  options: PackOptions,
  progress: (progress: PrepareProgress) => void,
): Promise<void> {
  let next = writer.records.length;
  let unusable = writer.records.filter((record) => 'reason' in record).length;
  let turn: Promise<void> = Promise.resolve();
  let failure: { error: unknown } | undefined;

  const worker = async () => {
    while (next < videos.length && !failure) {
      const index = next++;
      const myTurn = turn;
      let over!: () => void;
      turn = new Promise((resolve) => (over = resolve));
      try {
        await pack(videos[index], frameBytesOf({ frame }), options, writer, async () => {
          await myTurn;
          if (failure) throw failure.error;
        });
        if ('reason' in writer.records[index]) unusable++;
        progress({ done: index + 1, of: videos.length, unusable, name: videos[index].name });
      } catch (error) {
        failure ??= { error };
      } finally {
        over();
      }
    }
  };
  const length = options.parallel ?? availableParallelism();
  await Promise.all(Array.from({ length }, worker));
  if (failure) throw failure.error;
}

/**
 * Decodes one video, and writes it when its turn has come: at its end, or when it holds too much
 * memory.
 */
async function pack(
  video: Video,
  frameBytes: number,
  { minFrames, maxFrames, signal }: PackOptions,
  writer: PackWriter,
  turn: () => Promise<void>,
): Promise<void> {
  const { name } = video;
  const hash = createHash('sha256');
  let frames = 0;
  let held: Uint8Array[] = [];
  const damages: string[] = [];
  let reason: string | undefined;
  const write = async () => {
    await turn();
    await writer.write(Buffer.concat(held));
    held = [];
  };
  try {
    signal?.throwIfAborted();
    for await (const frame of video.frames((complaint) => damages.push(complaint))) {
      signal?.throwIfAborted();
      if (frame.length !== frameBytes) {
        throw new DatasetError(`a frame has ${frame.length} bytes, not ${frameBytes}`);
      }
      if (frames === maxFrames) {
        damages.push(`only its first ${maxFrames} frames are packed`);
        break;
      }
      frames++;
      hash.update(frame);
      held.push(frame);
      if (held.length * frameBytes >= heldBytes) await write();
    }
    if (frames < minFrames) reason = `${frames} frames, fewer than ${minFrames}`;
  } catch (error) {
    signal?.throwIfAborted(); // nothing is said about the video by then
    const aboutVideo = error instanceof VideoError || error instanceof DatasetError;
    if (!aboutVideo || error instanceof FfmpegMissingError) throw error;
    reason = error.message;
  }
  if (reason !== undefined) {
    await turn();
    await writer.record({ name, reason });
    return;
  }
  await write();
  const damage = damages.join('; ');
  await writer.record({ name, frames, sha256: hash.digest('hex'), ...(damage && { damage }) });
}
