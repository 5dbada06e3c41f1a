import { parseOptions, type OptionsShape } from '@tgan/core';
import { CsvError, parse } from 'csv-parse/sync';
import type { Dataset, File } from 'h5wasm/node';
import * as z from 'zod';
import { readText } from './data-folder.js';
import { DatasetError } from './error.js';
import { RangeFile } from './range-file.js';
import { channelsOption, classesOf, type VideoSet } from './video-set.js';

/** Options of {@link ucf101Hdf5}. */
export interface Ucf101Hdf5Options {
  /** Which split the file holds, for the record: it does not say so itself. Default 1. */
  readonly split?: number;
  /**
   * Which part the file holds: the videos of its `trainlist`, of its `testlist`, or both. Default
   * `train`.
   */
  readonly part?: 'train' | 'test' | 'all';
  /** 1 (gray) or 3 (red, green, blue). Default 3. */
  readonly channels?: 1 | 3;
}

/** The schema of {@link Ucf101Hdf5Options}. */
export const ucf101Hdf5Options = z.strictObject({
  split: z.int().min(1).max(3).default(1),
  part: z.enum(['train', 'test', 'all']).default('train'),
  channels: channelsOption,
} satisfies OptionsShape<Ucf101Hdf5Options>);

/** The videos of a prepared file. */
export interface FrameRange {
  readonly name: string;
  readonly category?: string;
  /** Its first frame. */
  readonly start: number;
  /** The frame after its last one. */
  readonly end: number;
}

/**
 * UCF-101 as the original code prepared it: an HDF5 file whose dataset `image` has the frames of
 * all videos, bytes `[time, 3, 64, 85]`. Read by range.
 *
 * The original keeps the videos' first and last frames in a pandas pickle, which only Python reads.
 * Write it as CSV: `pandas.read_pickle('ucf101_train_conf_pd.pkl').to_csv('ucf101_train.csv')`.
 *
 * @param path - the HDF5 file.
 * @param index - the CSV file.
 * @returns a set for `preparePacked`, with the crop of the original code (columns 10 to 73).
 * @throws DatasetError when h5wasm is not installed, or a file cannot be read or is of another
 * form; OptionsError for an option out of range.
 */
export async function ucf101Hdf5(
  path: string,
  index: string,
  options: Ucf101Hdf5Options = {},
): Promise<VideoSet> {
  const parsed = parseOptions(ucf101Hdf5Options, options, 'ucf101Hdf5');
  const { split, part } = parsed;
  const { file, shape } = await openImage(path);
  release(file);
  const [time, planes, height, width] = shape;
  if (planes !== 3 || width < height) {
    throw new DatasetError(`${path}: image is ${shape.join(' x ')}; expected time x 3 x 64 x 85`);
  }
  const ranges = parseRanges(await readText(index), time, index);
  const categories = new Map(ranges.map(({ name, category }) => [name, category]));
  return {
    frame: { height, width, channels: parsed.channels },
    // Of the 85 columns the original shows those from the tenth on.
    crop: { top: 0, left: Math.floor((width - height) / 2), height, width: height },
    classify: (names) => classesOf(names.map((name) => categories.get(name))),
    provenance: {
      ...{ set: 'ucf101', split, part, from: 'hdf5' },
      ...(parsed.channels === 1 && { channels: 1 }),
    },
    videos: ranges.map(({ name, start, end }) => ({
      name,
      async *frames() {
        const { file, image } = await openImage(path);
        try {
          for (let t = start; t < end; t++) {
            const planes = readFrame(image, t, path);
            yield parsed.channels === 1 ? grayOf(planes) : pixelsLast(planes, height, width);
          }
        } finally {
          release(file);
        }
      },
    })),
  };
}

/** Loads h5wasm, which is an optional peer: it is large, and few need it. */
async function loadHdf5() {
  try {
    return (await import('h5wasm/node')).default;
  } catch (cause) {
    throw new DatasetError('h5wasm is needed to read HDF5 files; to get it: npm install h5wasm', {
      cause,
    });
  }
}

/** Opens the dataset of the frames; the file is the caller's to close. */
async function openImage(path: string): Promise<{ file: File; image: Dataset; shape: number[] }> {
  const bytes = await RangeFile.open(path);
  try {
    const signature = Buffer.from(await bytes.read(0, Math.min(8, bytes.size)));
    if (signature.toString('latin1') !== '\x89HDF\r\n\x1a\n') {
      throw new DatasetError(`${path}: not an HDF5 file`);
    }
  } finally {
    await bytes.close();
  }
  const h5wasm = await loadHdf5();
  const library = await h5wasm.ready;
  let file: File | undefined;
  try {
    library.activate_throwing_error_handler();
    file = new h5wasm.File(path, 'r');
    const image = file.get('image');
    if (!(image instanceof h5wasm.Dataset)) throw new Error('it has no dataset "image"');
    const { shape, dtype } = image;
    if (shape?.length !== 4 || shape.includes(0) || (dtype !== '<B' && dtype !== '|u1')) {
      throw new Error(`image is ${String(dtype)} of ${shape?.join(' x ')}, not bytes of 4 axes`);
    }
    if (shape[1] * shape[2] * shape[3] > 2 ** 26) throw new Error('its frames are too large');
    return { file, image, shape };
  } catch (cause) {
    release(file);
    throw new DatasetError(`${path}: ${firstLine(cause)}`, { cause });
  }
}

/**
 * Closes a file. Where it is damaged, HDF5 can fail at that too; what is wrong with it has been
 * said by then.
 */
function release(file: File | undefined): void {
  try {
    file?.close();
  } catch {
    // Nothing more can be done.
  }
}

function readFrame(image: Dataset, t: number, path: string): Uint8Array {
  try {
    return image.slice([[t, t + 1]]) as Uint8Array;
  } catch (cause) {
    throw new DatasetError(`${path}: frame ${t} cannot be read: ${firstLine(cause)}`, { cause });
  }
}

/** HDF5 gives its whole stack of calls. */
const firstLine = (error: unknown) =>
  /major: (.+)|^((?!HDF5-DIAG).+)/.exec((error as Error).message)?.[0] ?? 'not readable as HDF5';

/** `[3, height, width]` to `[height, width, 3]`. */
function pixelsLast(planes: Uint8Array, height: number, width: number): Uint8Array {
  const size = height * width;
  const pixels = new Uint8Array(3 * size);
  for (let i = 0; i < size; i++) {
    for (let c = 0; c < 3; c++) pixels[3 * i + c] = planes[c * size + i];
  }
  return pixels;
}

/** `[3, height, width]` to `[height, width, 1]`, by the weights of ITU-R BT.601. */
function grayOf(planes: Uint8Array): Uint8Array {
  const size = planes.length / 3;
  const gray = new Uint8Array(size);
  for (let i = 0; i < size; i++) {
    const shade = 0.299 * planes[i] + 0.587 * planes[size + i] + 0.114 * planes[2 * size + i];
    gray[i] = Math.round(shade);
  }
  return gray;
}

/**
 * Reads the table of the videos of a prepared file: CSV with the columns `start` and `end`, and
 * perhaps `category`, `group` and `scene`.
 *
 * @param time - how many frames there are.
 * @throws DatasetError that names the line that is wrong.
 */
export function parseRanges(text: string, time: number, file = 'index'): FrameRange[] {
  // The first byte of a pickle, 0x80, begins no text.
  if (text.startsWith('\ufffd')) {
    throw new DatasetError(
      `${file}: is a Python pickle; write it as CSV once: python3 -c "import pandas; pandas.read_pickle('${file}').to_csv('videos.csv')"`,
    );
  }
  const [head, ...lines] = tableOf(text, file);
  const columns = head?.record ?? [];
  const column = (name: string) => columns.indexOf(name);
  if (column('start') < 0 || column('end') < 0) {
    throw new DatasetError(`${file}: expected CSV with the columns start and end`);
  }
  if (lines.length === 0) throw new DatasetError(`${file}: lists no videos`);
  return lines.map(({ record, raw, info }, i) => {
    const cell = (name: string) => record[column(name)] || undefined;
    const whole = (name: string) =>
      /^\d{1,15}$/.test(cell(name) ?? '') ? Number(cell(name)) : NaN;
    const [start, end] = [whole('start'), whole('end')];
    if (!(start < end && end <= time) || record.length !== columns.length) {
      const got = JSON.stringify(raw.trim().slice(0, 120));
      throw new DatasetError(
        `${file}:${info.lines}: expected frames within 0..${time}, got ${got}`,
      );
    }
    const [category, group, scene] = [cell('category'), cell('group'), cell('scene')];
    const name =
      category && group && scene
        ? `v_${category}_g${group.padStart(2, '0')}_c${scene.padStart(2, '0')}`
        : `video-${i}`;
    return { name, ...(category && { category }), start, end };
  });
}

interface TableRow {
  readonly record: readonly string[];
  readonly raw: string;
  readonly info: { readonly lines: number };
}

/** The rows of a CSV file. @throws DatasetError when it is not CSV. */
function tableOf(text: string, file: string): TableRow[] {
  try {
    // The types of csv-parse do not know what `raw` and `info` add.
    return parse(text, {
      bom: true,
      info: true,
      raw: true,
      relax_column_count: true,
      skip_empty_lines: true,
      trim: true,
    }) as unknown as TableRow[];
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new DatasetError(`${file}: is not CSV: ${error.message}`, { cause: error });
  }
}
