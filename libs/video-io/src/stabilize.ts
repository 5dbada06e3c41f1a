import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { VideoError } from './clips.js';
import { ffmpegFilterHelp } from './ffmpeg.js';
import { startFfmpeg } from './ffmpeg-process.js';
import { inputArguments, outputOf } from './input.js';
import type { Picture } from './picture.js';

/** How the camera of a video moved, and the filter that takes it back. */
export interface Camera {
  /** Where ffmpeg has to run for the filter to find the measured motion. */
  readonly folder: string;
  /**
   * An ffmpeg filter that moves and turns each frame onto the first one, and measures what motion
   * is left.
   */
  readonly hold: string;
  /** Throws a VideoError when the background moves in what the filter gave. */
  readonly checkStill: () => Promise<void>;
  /** Removes what was measured. */
  readonly forget: () => Promise<void>;
}

/**
 * Compares each frame with the first one ("virtual tripod"), by matching small fields with contrast
 * all over the picture. Shakes of up to a quarter of the picture are found.
 *
 * @param visible - the filters that make pictures what a viewer sees.
 * @throws FfmpegMissingError when ffmpeg is missing or built without vid.stab; VideoError when it
 * is silent too long.
 */
export async function measureCamera(
  path: string,
  picture: Picture,
  visible: string,
  patience: number,
): Promise<Camera> {
  // Newer versions write the motions in another format by default.
  const text = (await detectorHelp()).includes('fileformat') ? ':fileformat=ascii' : '';
  const detect = `vidstabdetect=tripod=1:shakiness=10${text}`;
  const folder = await mkdtemp(join(tmpdir(), 'tgan-camera-'));
  const forget = () => rm(folder, { recursive: true, force: true });
  const ffmpeg = startFfmpeg(
    [
      ...(await inputArguments(path, picture)),
      ...[
        '-vf',
        `${visible},${even},${detect}:result=moved`,
        '-f',
        'null',
        '-progress',
        'pipe:1',
        '-',
      ],
    ],
    { folder },
  );
  try {
    const output = outputOf(ffmpeg, patience, path);
    // This is its progress. What is wrong with the file is reported when it is decoded.
    while (!(await output.next()).done) continue;
  } catch (error) {
    await forget();
    throw error;
  } finally {
    await ffmpeg.stop();
  }
  return {
    folder,
    hold: `${even},vidstabtransform=input=moved:tripod=1:optzoom=0:interpol=bicubic,${detect}:result=left`,
    checkStill: () => checkStill(path, join(folder, 'left')),
    forget,
  };
}

/**
 * Checks that ffmpeg can stabilize.
 *
 * @throws FfmpegMissingError when it cannot, or is missing.
 */
export async function checkStabilizer(): Promise<void> {
  await detectorHelp();
}

const detectorHelp = () => ffmpegFilterHelp('vidstabdetect', 'vid.stab (libvidstab)');

/**
 * Reads how far fields of the frames are from where they are in the first one: most have to be
 * where they were.
 */
async function checkStill(path: string, left: string): Promise<void> {
  let frame = 0;
  for await (const line of createInterface(createReadStream(left))) {
    if (!line.startsWith('Frame ') || frame++ === 0) continue;
    const fields = [...line.matchAll(/\(LM (-?\d+) (-?\d+) /g)];
    const still = fields.filter(([, x, y]) => Math.hypot(Number(x), Number(y)) < 1.5);
    if (fields.length < fewestFields) {
      throw new VideoError(
        `${path}: cannot be stabilized: frame ${frame} has only ${fields.length} places to compare`,
      );
    }
    if (still.length <= fields.length / 2) {
      throw new VideoError(
        `${path}: cannot be stabilized: the background moves in frame ${frame}, at ${fields.length - still.length} of ${fields.length} places`,
      );
    }
  }
}

/** The pictures that vid.stab takes: on others of its kinds it crashes, or does not begin. */
const even = 'format=yuv420p,crop=trunc(iw/2)*2:trunc(ih/2)*2:0:0';

/** With fewer matches a moving object could pass for the background. */
const fewestFields = 5;
