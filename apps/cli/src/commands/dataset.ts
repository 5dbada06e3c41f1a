import { join } from 'node:path';
import {
  golf,
  movingMnistFile,
  packed,
  preparePacked,
  readPackedInfo,
  ucf101,
  ucf101Hdf5,
  verifyPacked,
  videoFolder,
  videosOf,
  type PackedInfo,
  type PrepareProgress,
  type VideoSet,
} from '@tgan/datasets';
import { pleasantScale, UsageError, writeFileAtomic } from '@tgan/runs';
import { Random } from '@tgan/core';
import { encodeGif, grid } from '@tgan/video-io';
import { log, printJson } from '../log.js';
import { withBar } from '../progress.js';

/** What `tgan dataset prepare` takes. */
export interface PrepareOptions {
  /** The packed file to make. */
  readonly out: string;
  readonly imageSize: number;
  /** 1 (gray) or 3 (color); what the data set has unless told. */
  readonly channels?: 1 | 3;
  /** Frames that a video has at least. */
  readonly minFrames: number;
  /** Frames of a video that are packed at most. */
  readonly maxFrames?: number;
  /** UCF-101: which of its splits. */
  readonly split: number;
  /** UCF-101: train, test or all. */
  readonly part: 'train' | 'test' | 'all';
  /** Golf: the list of its clips. UCF-101 as HDF5: the table of its videos. */
  readonly list?: string;
  /** A folder: whether to hold the background still. */
  readonly stabilize?: boolean;
  /** A folder: whether sub-folders are classes. */
  readonly labeled?: boolean;
  readonly unlabeled?: boolean;
  /** A folder: what shows through transparent pixels. */
  readonly background?: string;
  /** A folder: whether a link may lead out of it. */
  readonly followLinks?: boolean;
  readonly json?: boolean;
}

/** Options that a folder of videos has, and the published data sets have not. */
const folderOptions = ['stabilize', 'labeled', 'unlabeled', 'background', 'followLinks'] as const;

/** The kinds of data set that can be packed, and how each is opened. */
const kinds: Record<string, (path: string, options: PrepareOptions) => Promise<VideoSet>> = {
  folder(path, { imageSize, channels, stabilize, labeled, unlabeled, background, followLinks }) {
    if (labeled && unlabeled) throw new UsageError('give --labeled or --unlabeled, not both');
    return videoFolder(path, {
      ...{ height: imageSize, width: imageSize, channels, stabilize, background, followLinks },
      labeled: labeled ?? (unlabeled ? false : undefined),
    });
  },
  ucf101: (path, { imageSize, channels, split, part }) =>
    ucf101(path, { imageSize, channels, split, part }),
  golf: (path, { imageSize, channels, list }) => {
    if (!list) throw new UsageError('dataset prepare golf needs --list, the file that lists clips');
    return golf(path, list, { imageSize, channels });
  },
  'ucf101-hdf5': (path, { channels, split, part, list }) => {
    if (!list)
      throw new UsageError('dataset prepare ucf101-hdf5 needs --list, the CSV of its videos');
    return ucf101Hdf5(path, list, { channels, split, part });
  },
  'moving-mnist': async (path, { channels }) => {
    if (channels === 3) throw new UsageError('Moving MNIST is gray: leave --channels 3 out');
    return videosOf(await movingMnistFile(path, { frames: 20 }));
  },
};

/** The names that `tgan dataset prepare` takes. */
export const datasetKinds = Object.keys(kinds);

/** Packs a data set into one file; goes on where an earlier call was stopped. */
export async function prepare(kind: string, path: string, options: PrepareOptions): Promise<void> {
  if (!Object.hasOwn(kinds, kind)) {
    throw new UsageError(
      `there is no kind "${kind}" of data set; there is: ${datasetKinds.join(', ')}`,
    );
  }
  const foreign = kind !== 'folder' && folderOptions.find((name) => options[name] !== undefined);
  if (foreign) {
    const flag = foreign.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    throw new UsageError(`--${flag} is for a folder of videos`);
  }
  const set = await kinds[kind](path, options);
  const { out, minFrames, maxFrames } = options;
  const info = await withBar(
    '{bar} {value}/{total} videos | {eta_formatted} left | {name}',
    (bar, signal) => {
      bar.start(set.videos.length, 0, { name: '' });
      const progress = ({ done, name }: PrepareProgress) => bar.update(done, { name: shown(name) });
      return preparePacked(set, out, { minFrames, maxFrames }, progress, signal);
    },
  );
  if (!info) return void log('stopped; the same call goes on where it was');
  for (const { name, reason } of info.unusable) log(`left out: ${shown(name)}: ${shown(reason)}`);
  for (const { name, damage } of info.videos) {
    if (damage) log(`note: ${shown(name)}: ${shown(damage)}`);
  }
  const classes = countsOf(info);
  if (classes) {
    const counts = Object.entries(classes).map(([name, count]) => `${shown(name)} ${count}`);
    log(`${counts.length} classes: ${counts.join(', ')}`);
    if (counts.length === 1) {
      log('warning: all videos are of one class, so their labels tell nothing (see --unlabeled)');
    } else if (kind === 'folder' && Object.keys(classes).every((name) => partName.test(name))) {
      const [first] = Object.keys(classes);
      log(
        `warning: the classes ${Object.keys(classes).join(', ')} look like the parts of a split; to have the folders in them as classes, pack each by itself: tgan dataset prepare folder ${join(path, first)} --out FILE`,
      );
    }
  } else if (kind === 'folder' && !options.unlabeled) {
    const loose = info.videos.filter(({ name }) => !name.includes('/'));
    if (loose.length < info.videos.length) {
      log(
        `warning: no classes, because ${loose.length} of ${info.videos.length} videos are in no sub-folder, such as ${shown(loose[0].name)}; --labeled leaves them out`,
      );
    }
  }
  log(`${info.videos.length} videos in ${out}, ${info.unusable.length} left out`);
  if (options.json) {
    printJson({ file: out, videos: info.videos.length, classes, unusable: info.unusable });
  }
}

/** What people call the parts that they split a data set into. */
const partName = /^(train|training|test|testing|val|valid|validation|dev)$/i;

/** How many videos each class has; undefined where videos have no labels. */
function countsOf({ classes, videos }: PackedInfo): Record<string, number> | undefined {
  if (!classes) return undefined;
  const counts = classes.map((name, i) => [name, videos.filter(({ label }) => label === i).length]);
  return Object.fromEntries(counts);
}

/** Text out of a file, with nothing in it that a terminal would act on. */
const shown = (text: string) =>
  text.replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, (control) =>
    JSON.stringify(control).slice(1, -1),
  );

/** Says what a packed file holds. */
export async function info(path: string, { json }: { json?: boolean }): Promise<void> {
  const { frame, crop, classes, videos, unusable, provenance, fileBytes, sha256 } =
    await readPackedInfo(path);
  const frames = videos.reduce((sum, video) => sum + video.frames, 0);
  const summary = {
    ...{ videos: videos.length, frames, frame, crop, classes: classes?.length ?? 0 },
    ...{ unusable: unusable.length, bytes: fileBytes, sha256, provenance },
  };
  if (json) return void printJson(summary);
  for (const [name, value] of Object.entries(summary)) {
    if (value === undefined) continue;
    const text = typeof value === 'object' ? JSON.stringify(value) : value;
    process.stdout.write(`${name}: ${text}\n`);
  }
}

/** Reads a packed file through and compares all checksums. */
export async function verify(path: string): Promise<void> {
  const whole = await withBar('{bar} {percentage} % | {eta_formatted} left', (bar, signal) => {
    bar.start(1, 0);
    return verifyPacked(path, (done, of) => {
      signal.throwIfAborted();
      bar.setTotal(of);
      bar.update(done);
    });
  });
  log(whole ? `${path} is whole` : 'stopped');
}

/** Writes some clips of a packed file as a GIF. */
export async function preview(
  path: string,
  { out, count, frames, seed }: { out: string; count: number; frames: number; seed: number },
): Promise<void> {
  const source = await packed(path, { frames });
  const { height, width, channels } = source.clip;
  const order = new Random(seed).permutation(source.size ?? count).subarray(0, count);
  const clips = await Promise.all([...order].map(async (i) => source.read(i, new Random(seed, i))));
  const data = new Uint8Array(Buffer.concat(clips));
  const film = grid(
    { data, shape: [clips.length, frames, height, width, channels] },
    { scale: pleasantScale(height) },
  );
  await writeFileAtomic(out, await encodeGif(film));
  await source.close?.();
  log(`${clips.length} clips in ${out}`);
}
