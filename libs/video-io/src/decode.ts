import { parseOptions, type OptionsShape } from '@tgan/core';
import * as z from 'zod';
import { color, VideoError } from './clips.js';
import { FfmpegMissingError } from './ffmpeg-missing-error.js';
import { startFfmpeg, type FfmpegProcess } from './ffmpeg-process.js';
import { abilitiesFor, formFilters, visibleFilters } from './filters.js';
import { inputArguments, outputOf, withPatience } from './input.js';
import { isPlain, PictureReader, plainPicture, type Picture } from './picture.js';
import { checkStabilizer, measureCamera, type Camera } from './stabilize.js';
import { asApng } from './webp.js';

/** Options of {@link decodeVideo}. */
export interface DecodeOptions {
  /** Size of the output frames in pixels. */
  readonly height: number;
  /** Size of the output frames in pixels. */
  readonly width: number;
  /**
   * `stretch`: the whole frame, in the new shape. `crop`: its middle, in its proportions on the
   * screen. Default `stretch`.
   */
  readonly fit?: 'stretch' | 'crop';
  /** 1 (gray) or 3 (red, green, blue). Default 3. */
  readonly channels?: 1 | 3;
  /**
   * Frames per second to resample to. Default: each frame of the file once, however long it shows.
   */
  readonly fps?: number;
  /**
   * Removes camera shake by ffmpeg's vid.stab: each frame is shifted and turned onto the first one.
   * A video whose background still moves is refused at its end. Default false.
   */
  readonly stabilize?: boolean;
  /** The color behind transparent pixels. Default `#ffffff`. */
  readonly background?: string;
  /** Seconds without output after which ffmpeg is stopped. Default 60. */
  readonly patience?: number;
}

/** The schema of {@link DecodeOptions}. */
export const decodeOptions = z.strictObject({
  height: z.int().min(1).max(8192),
  width: z.int().min(1).max(8192),
  fit: z.enum(['stretch', 'crop']).default('stretch'),
  channels: z.union([z.literal(1), z.literal(3)]).default(3),
  fps: z.number().min(0.01).max(1000).optional(),
  stabilize: z.boolean().default(false),
  background: color.default('#ffffff'),
  patience: z.number().min(0.1).max(3600).default(60),
} satisfies OptionsShape<DecodeOptions>);

/**
 * The frames of a video, in order, resized, one at a time. The file is never in memory as a whole.
 * Frames come out as a viewer sees them: upright, in standard dynamic range, with a background
 * behind transparent pixels. Sound is ignored.
 *
 * @param path - a video file, or an animated GIF, PNG or WebP.
 * @param options - see {@link decodeOptions}.
 * @param complain - called at the end with the problems of a file that could be decoded only in
 * part, or not as intended.
 * @returns frames `[height, width, channels]`, bytes 0..255. The caller owns them.
 * @throws FfmpegMissingError when there is no ffmpeg, or none with vid.stab to stabilize;
 * VideoError when the file is no video, gives no frame, or cannot be stabilized; OptionsError for
 * an option out of range.
 */
export async function* decodeVideo(
  path: string,
  options: DecodeOptions,
  complain: (reason: string) => void = () => {},
): AsyncGenerator<Uint8Array, void, void> {
  const parsed = parseOptions(decodeOptions, options, 'decodeVideo');
  const copy = await asApng(path);
  try {
    yield* decodeFile(copy?.path ?? path, parsed, complain);
  } catch (error) {
    if (!copy || !(error instanceof VideoError) || error instanceof FfmpegMissingError) throw error;
    throw new VideoError(error.message.replaceAll(copy.path, path), { cause: error });
  } finally {
    await copy?.forget();
  }
}

async function* decodeFile(
  path: string,
  options: z.output<typeof decodeOptions>,
  complain: (reason: string) => void,
): AsyncGenerator<Uint8Array, void, void> {
  const { height, width, channels } = options;
  const { ffmpeg, camera, shortcomings } = await start(path, options);
  let frames = 0;
  try {
    const chunks = outputOf(ffmpeg, options.patience, path);
    for await (const frame of pieces(chunks, height * width * channels)) {
      frames++;
      yield frame;
    }
    const { code, signal } = await ffmpeg.ended;
    const reason = ffmpeg.complaints().slice(0, 3).join('; ');
    if (signal) throw new VideoError(`${path}: ffmpeg was ended by ${signal}`);
    if (frames === 0)
      throw new VideoError(`${path}: no frame could be decoded: ${reason || 'it is empty'}`);
    if (code) throw new VideoError(`${path}: ffmpeg gave up after ${frames} frames: ${reason}`);
    await camera?.checkStill();
    const problems = [...(reason ? [reason] : []), ...shortcomings];
    if (problems.length > 0) complain(problems.join('; '));
  } finally {
    await ffmpeg.stop();
    await camera?.forget();
  }
}

interface Decoding {
  readonly ffmpeg: FfmpegProcess;
  readonly camera?: Camera;
  readonly shortcomings: readonly string[];
}

/**
 * Starts ffmpeg as for most videos, which are opaque and of standard range, and once more where its
 * description of the file tells that this one is not, or the camera has to be measured first. A
 * process of its own for the description would nearly double the work on short videos.
 */
async function start(path: string, options: z.output<typeof decodeOptions>): Promise<Decoding> {
  const { channels, stabilize, patience } = options;
  const begin = async (picture: Picture, camera?: Camera) => {
    const reader = new PictureReader();
    const ffmpeg = startFfmpeg(
      [
        ...(await inputArguments(path, picture)),
        ...['-vf', formFilters(options, picture, camera?.hold)],
        ...['-pix_fmt', channels === 1 ? 'gray' : 'rgb24', '-f', 'rawvideo', 'pipe:1'],
      ],
      { folder: camera?.folder, hear: reader.hear },
    );
    ffmpeg.ended.then(reader.finish, reader.finish);
    // Node throws away what an ended process wrote unless something waits for it.
    ffmpeg.child.stdout!.on('readable', () => {});
    return { ffmpeg, described: reader.picture };
  };
  if (stabilize) await checkStabilizer();
  const first = await begin(plainPicture);
  let described: Picture;
  try {
    described = await withPatience(first.described, patience, path);
  } catch (error) {
    await first.ffmpeg.stop();
    throw error;
  }
  const { picture, shortcomings } = await abilitiesFor(described);
  if (isPlain(picture) && !stabilize) return { ffmpeg: first.ffmpeg, shortcomings };
  await first.ffmpeg.stop();
  const camera = stabilize
    ? await measureCamera(path, picture, visibleFilters(options, picture), patience)
    : undefined;
  const { ffmpeg } = await begin(picture, camera);
  return { ffmpeg, camera, shortcomings };
}

/** What ffmpeg writes, in pieces of `size` bytes. A last piece that is cut short is left out. */
async function* pieces(chunks: AsyncIterable<Buffer>, size: number): AsyncGenerator<Uint8Array> {
  let piece = new Uint8Array(size);
  let filled = 0;
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length;) {
      const taken = Math.min(size - filled, chunk.length - at);
      piece.set(chunk.subarray(at, at + taken), filled);
      at += taken;
      filled += taken;
      if (filled === size) {
        yield piece;
        piece = new Uint8Array(size);
        filled = 0;
      }
    }
  }
}
