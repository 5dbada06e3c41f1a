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
  type VideoSet,
} from '@tgan/datasets';
import { pleasantScale, UsageError, writeFileAtomic } from '@tgan/runs';
import { Random } from '@tgan/core';
import { encodeGif, grid } from '@tgan/video-io';
import { log, printJson } from '../log.js';
import { progressBar } from '../progress.js';

/** What `tgan dataset prepare` takes. */
export interface PrepareOptions {
  /** The packed file to make. */
  readonly out: string;
  readonly imageSize: number;
  /** UCF-101: which of its splits. */
  readonly split: number;
  /** UCF-101: train, test or all. */
  readonly part: 'train' | 'test' | 'all';
  /** Golf: the list of its clips. UCF-101 as HDF5: the table of its videos. */
  readonly list?: string;
  /** A folder: whether to hold the background still. */
  readonly stabilize?: boolean;
  readonly json?: boolean;
}

/** The kinds of data set that can be packed, and how each is opened. */
const kinds: Record<string, (path: string, options: PrepareOptions) => Promise<VideoSet>> = {
  folder: (path, { imageSize, stabilize }) =>
    videoFolder(path, { height: imageSize, width: imageSize, stabilize }),
  ucf101: (path, { imageSize, split, part }) => ucf101(path, { imageSize, split, part }),
  golf: (path, { imageSize, list }) => {
    if (!list) throw new UsageError('dataset prepare golf needs --list, the file that lists clips');
    return golf(path, list, { imageSize });
  },
  'ucf101-hdf5': (path, { split, part, list }) => {
    if (!list)
      throw new UsageError('dataset prepare ucf101-hdf5 needs --list, the CSV of its videos');
    return ucf101Hdf5(path, list, { split, part });
  },
  'moving-mnist': async (path) => videosOf(await movingMnistFile(path, { frames: 20 })),
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
  if (options.stabilize && kind !== 'folder') {
    throw new UsageError('--stabilize is for a folder of videos');
  }
  const set = await kinds[kind](path, options);
  const bar = progressBar('{bar} {value}/{total} videos | {eta_formatted} left | {name}');
  bar.start(set.videos.length, 0, { name: '' });
  let info;
  try {
    info = await preparePacked(set, options.out, {}, ({ done, name }) =>
      bar.update(done, { name }),
    );
  } finally {
    bar.stop();
  }
  for (const { name, reason } of info.unusable) log(`left out: ${name}: ${reason}`);
  for (const { name, damage } of info.videos) {
    if (damage) log(`used in part: ${name}: ${damage}`);
  }
  log(`${info.videos.length} videos in ${options.out}, ${info.unusable.length} left out`);
  if (options.json) {
    printJson({ file: options.out, videos: info.videos.length, unusable: info.unusable });
  }
}

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
  const bar = progressBar('{bar} {percentage} % | {eta_formatted} left');
  bar.start(1, 0);
  try {
    await verifyPacked(path, (done, of) => {
      bar.setTotal(of);
      bar.update(done);
    });
  } finally {
    bar.stop();
  }
  log(`${path} is whole`);
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
