import { constants } from 'node:fs';
import { open, readFile, rename, rm, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import {
  fileProblem,
  fileReason,
  LockedError,
  lockFile,
  syncFolder,
  type FileLock,
} from '@tgan/core/node';
import * as z from 'zod';
import { DatasetError } from './error.js';
import { digest } from './packed.js';
import {
  frameBytesOf,
  headBytes,
  headMagic,
  packedEnd,
  packedHead,
  type PackedIndex,
} from './packed-format.js';
import { RangeFile } from './range-file.js';
import type { VideoSet } from './video-set.js';

/** What became of one video. */
export type PackRecord =
  | { readonly name: string; readonly frames: number; readonly sha256: string; damage?: string }
  | { readonly name: string; readonly reason: string };

const recordSchema: z.ZodType<PackRecord> = z.union([
  z.strictObject({
    name: z.string(),
    frames: z.int().min(1),
    sha256: z.string(),
    damage: z.string().optional(),
  }),
  z.strictObject({ name: z.string(), reason: z.string() }),
]);

/** All of a packed file's index that is known before the first video is read. */
export type PackPlan = Omit<PackedIndex, 'videos' | 'unusable'> & {
  readonly videos: readonly { readonly name: string; readonly label?: number }[];
};

/**
 * A packed file that is being written: `NAME.partial` with the frames of all videos so far, and
 * `NAME.journal` with a line for each. A video counts when its line is there and its frames have
 * the checksum that the line says; what comes after the last such video is cut off when a writer
 * begins where another one was stopped.
 */
export class PackWriter {
  /** Bytes of the video that is next which have been written. */
  #ahead = 0;

  private constructor(
    private readonly path: string,
    private readonly plan: PackPlan,
    private readonly frames: FileHandle,
    private readonly journal: FileHandle,
    private readonly state: PackState,
    private readonly lock: FileLock,
  ) {}

  /**
   * Begins a file, or continues one that was begun for the same plan.
   *
   * @throws DatasetError when it was begun for another plan, another process writes it, or it
   * cannot be written, as the other methods do.
   */
  static open(path: string, plan: PackPlan): Promise<PackWriter> {
    return writing(path, () => PackWriter.#open(path, plan));
  }

  static async #open(path: string, plan: PackPlan): Promise<PackWriter> {
    const lock = await lockOf(path);
    const opened: FileHandle[] = [];
    try {
      const kept = await recover(path, plan);
      if (!kept)
        await Promise.all(
          [partialOf(path), journalOf(path)].map((old) => rm(old, { force: true })),
        );
      for (const name of [partialOf(path), journalOf(path)])
        opened.push(await open(name, kept ? goOn : begin));
      const [frames, journal] = opened;
      const state = kept ?? { records: [], end: headBytes, journalEnd: 0 };
      const writer = new PackWriter(path, plan, frames, journal, state, lock);
      await frames.truncate(state.end);
      await journal.truncate(state.journalEnd);
      // Also when going on: a power cut can have lost the head, which no checksum of a video
      // covers.
      await writeAll(frames, packedHead(), 0);
      if (!kept) await writer.#addLine({ fingerprint: plan.fingerprint });
      return writer;
    } catch (error) {
      for (const file of opened) await file.close();
      await lock.release();
      throw error;
    }
  }

  /** What became of the plan's first videos. */
  get records(): readonly PackRecord[] {
    return this.state.records;
  }

  /** Writes frames of the video that is next. */
  async write(frames: Uint8Array): Promise<void> {
    await writing(this.path, () => writeAll(this.frames, frames, this.state.end + this.#ahead));
    this.#ahead += frames.length;
  }

  /** Ends the video that is next. Frames of one that cannot be used will be written over. */
  async record(record: PackRecord): Promise<void> {
    await writing(this.path, () => this.#addLine(record));
    this.state.end += 'reason' in record ? 0 : this.#ahead;
    this.#ahead = 0;
    this.state.records.push(record);
  }

  /**
   * Writes the index, puts the file under its name, and removes the journal.
   *
   * @param classify - see {@link VideoSet}.
   */
  async finish(classify?: VideoSet['classify']): Promise<void> {
    const { plan, path } = this;
    const { records, end } = this.state;
    const usable = records.flatMap((record, i) =>
      'reason' in record ? [] : [{ ...record, label: plan.videos[i].label }],
    );
    const found = classify?.(usable.map(({ name }) => name));
    const videos = usable.map(({ name, frames, sha256, damage, label: listed }, i) => {
      const label = found ? found.labels[i] : listed;
      return { name, frames, ...(label !== undefined && { label }), sha256, damage };
    });
    const unusable = records.flatMap((record) => ('reason' in record ? [record] : []));
    if (videos.length === 0) {
      const why = unusable.length > 0 ? `; ${unusable[0].name}: ${unusable[0].reason}` : '';
      await this.discard();
      throw new DatasetError(`${path}: none of ${unusable.length} videos can be used${why}`);
    }
    const classes = found ? { classes: [...found.classes] } : {};
    const index: PackedIndex = { ...plan, ...classes, videos, unusable };
    const rest = packedEnd(index, end);
    await writing(path, async () => {
      await this.frames.truncate(end);
      await writeAll(this.frames, rest, end);
      await this.frames.sync();
      await this.#closeFiles();
      await rename(partialOf(path), path);
      // Also after a power cut the frames are there, under one of the two names.
      await syncFolder(dirname(path));
      await rm(journalOf(path), { force: true });
    });
    await this.lock.release();
  }

  /** Closes the files. What was recorded stays, for a later call to continue. */
  async close(): Promise<void> {
    await this.#closeFiles();
    await this.lock.release();
  }

  /** Closes the files and removes them. */
  async discard(): Promise<void> {
    await this.#closeFiles();
    const { path } = this;
    await Promise.all([partialOf(path), journalOf(path)].map((name) => rm(name, { force: true })));
    await this.lock.release();
  }

  async #closeFiles(): Promise<void> {
    await this.frames.close();
    await this.journal.close();
  }

  async #addLine(value: unknown): Promise<void> {
    const bytes = Buffer.from(`${JSON.stringify(value)}\n`);
    await writeAll(this.journal, bytes, this.state.journalEnd);
    this.state.journalEnd += bytes.length;
  }
}

/** How far a file is. */
interface PackState {
  readonly records: PackRecord[];
  /** Where the frames end, in bytes. */
  end: number;
  /** Where the journal ends, in bytes. */
  journalEnd: number;
}

const partialOf = (path: string) => `${path}.partial`;
/** Where a preparation of `path` keeps account of what is done. */
export const journalOf = (path: string) => `${path}.journal`;

const lockPathOf = (path: string) => `${path}.lock`;

async function lockOf(path: string): Promise<FileLock> {
  try {
    return await lockFile(lockPathOf(path), 'prepares it');
  } catch (error) {
    if (!(error instanceof LockedError)) throw error;
    throw new DatasetError(`${path}: ${error.message}`, { cause: error });
  }
}

// A name that another user could guess is opened as a new file, or as one that is no link.
const begin = constants.O_RDWR | constants.O_CREAT | constants.O_EXCL;
const goOn = constants.O_RDWR | (constants.O_NOFOLLOW ?? 0);

/**
 * Whether a file is one that a preparation writes, finished or not, by its name and first bytes.
 */
export function isPackersFile(path: string, start: Buffer): boolean {
  if (start.subarray(0, headMagic.length).equals(headMagic)) return true;
  // Stopped before its first bytes were written, or no packed file.
  const part = /\.(partial|journal|lock)(\.[\w-]+)?$/.test(path);
  return part && (start.length === 0 || /^\{"(fingerprint|id)":/.test(start.toString('latin1')));
}

/** Does what writes a packed file. @throws DatasetError when the file system refuses it. */
async function writing<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const problem = fileProblem(error);
    if (!problem || error instanceof DatasetError) throw error;
    throw new DatasetError(
      `cannot write ${path}: ${fileReason(error)}; ${problem.remedy}, then the same call goes on`,
      { cause: error },
    );
  }
}

async function writeAll(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let at = 0; at < bytes.length;) {
    at += (await file.write(bytes, at, bytes.length - at, position + at)).bytesWritten;
  }
}

/** What an earlier writer left that can be kept; undefined when there is nothing. */
async function recover(path: string, plan: PackPlan): Promise<PackState | undefined> {
  const journal = await readFile(journalOf(path)).catch(absent);
  const frames = await RangeFile.open(partialOf(path)).catch(absent);
  if (!journal || !frames) {
    await frames?.close();
    return undefined;
  }
  try {
    const lines = whole(journal);
    const first = lines.shift();
    if (!first) return undefined;
    if ((first.value as { fingerprint?: unknown })?.fingerprint !== plan.fingerprint) {
      throw new DatasetError(
        `${path} was begun from other files or with other options; remove ${journalOf(path)} to begin anew`,
      );
    }
    const records: PackRecord[] = [];
    let end = headBytes;
    let journalEnd = first.end;
    for (const line of lines) {
      const parsed = recordSchema.safeParse(line.value);
      if (!parsed.success || parsed.data.name !== plan.videos[records.length]?.name) break;
      const record = parsed.data;
      if (!('reason' in record)) {
        const length = record.frames * frameBytesOf(plan);
        if (end + length > frames.size) break;
        if ((await digest(frames, end, length)) !== record.sha256) break;
        end += length;
      }
      records.push(record);
      journalEnd = line.end;
    }
    return { records, end, journalEnd };
  } finally {
    await frames.close();
  }
}

/** What cannot be read for another reason is there, and is not written over. */
function absent(error: unknown): undefined {
  if (fileProblem(error)?.code === 'ENOENT') return undefined;
  throw error;
}

/**
 * The lines of a journal that were written to their end and are JSON, up to the first that is not.
 */
function whole(journal: Buffer): { value: unknown; end: number }[] {
  const lines = [];
  for (let start = 0; ;) {
    const stop = journal.indexOf(10, start);
    if (stop < 0) return lines;
    try {
      lines.push({
        value: JSON.parse(journal.toString('utf8', start, stop)) as unknown,
        end: stop + 1,
      });
    } catch {
      return lines;
    }
    start = stop + 1;
  }
}
