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
  /** The packed file to write. */
  readonly out: string;
  readonly imageSize: number;
  /** 1 (gray) or 3 (color). Default: as in the data set. */
  readonly channels?: 1 | 3;
  /** Videos with fewer frames are left out. */
  readonly minFrames: number;
  /** At most this many frames of a video are packed. */
  readonly maxFrames?: number;
  /** UCF-101: the number of the split. */
  readonly split: number;
  /** UCF-101: train, test or all. */
  readonly part: 'train' | 'test' | 'all';
  /** Golf: the list of its clips. UCF-101 as HDF5: the table of its videos. */
  readonly list?: string;
  /** A folder: whether to remove camera shake. */
  readonly stabilize?: boolean;
  /** A folder: whether sub-folders are classes. */
  readonly labeled?: boolean;
  readonly unlabeled?: boolean;
  /** A folder: the color behind transparent pixels. */
  readonly background?: string;
  /** A folder: whether a link may lead out of it. */
  readonly followLinks?: boolean;
  readonly json?: boolean;
}

/** Options of folders of videos. The published data sets do not have them. */
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
    if (!list)
      throw new UsageError('dataset prepare golf needs --list, the file that lists the clips');
    return golf(path, list, { imageSize, channels });
  },
  'ucf101-hdf5': (path, { channels, split, part, list }) => {
    if (!list)
      throw new UsageError('dataset prepare ucf101-hdf5 needs --list, the CSV table of the videos');
    return ucf101Hdf5(path, list, { channels, split, part });
  },
  'moving-mnist': async (path, { channels }) => {
    if (channels === 3)
      throw new UsageError('--channels 3: Moving MNIST is gray; leave the flag out');
    return videosOf(await movingMnistFile(path, { frames: 20 }));
  },
};

const kindNames = Object.keys(kinds);

/** Packs a data set into one file. Continues where an earlier call stopped. */
export async function prepare(kind: string, path: string, options: PrepareOptions): Promise<void> {
  if (!Object.hasOwn(kinds, kind)) {
    throw new UsageError(
      `there is no kind "${kind}" of data set; the kinds are: ${kindNames.join(', ')}`,
    );
  }
  const foreign = kind !== 'folder' && folderOptions.find((name) => options[name] !== undefined);
  if (foreign) {
    const flag = foreign.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    throw new UsageError(`--${flag} is only for the kind folder`);
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
  if (!info) return void log('stopped; run the same command to continue');
  for (const { name, reason } of info.unusable) log(`left out: ${shown(name)}: ${shown(reason)}`);
  for (const { name, damage } of info.videos) {
    if (damage) log(`note: ${shown(name)}: ${shown(damage)}`);
  }
  const classes = countsOf(info);
  if (classes) {
    const counts = Object.entries(classes).map(([name, count]) => `${shown(name)} ${count}`);
    log(`${counts.length} classes: ${counts.join(', ')}`);
    if (counts.length === 1) {
      log(
        'warning: all videos are of one class, so their labels say nothing; --unlabeled packs none',
      );
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
        `warning: no classes, because ${loose.length} of ${info.videos.length} videos are not in a sub-folder, such as ${shown(loose[0].name)}; --labeled leaves them out`,
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

/** Text from a file, with control characters escaped. */
const shown = (text: string) =>
  text.replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, (control) =>
    JSON.stringify(control).slice(1, -1),
  );

/** Prints what a packed file contains. */
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

/** Reads a whole packed file and compares its checksums. */
export async function verify(path: string): Promise<void> {
  const whole = await withBar('{bar} {percentage} % | {eta_formatted} left', (bar, signal) => {
    bar.start(1, 0);
    return verifyPacked(path, (done, of) => {
      signal.throwIfAborted();
      bar.setTotal(of);
      bar.update(done);
    });
  });
  log(whole ? `${path} is intact` : 'stopped');
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
