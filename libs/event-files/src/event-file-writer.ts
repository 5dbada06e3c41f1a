import { mkdir, open, readdir, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import {
  fileVersion,
  formatEvent,
  histogramValue,
  imageValue,
  scalarValue,
  sessionStart,
  summary,
  type EventContent,
} from './events.js';
import { formatRecord } from './record.js';

/** Options of {@link EventFileWriter.open}. */
export interface EventFileOptions {
  /**
   * The first step that a resumed run will write: TensorBoard then drops that step and all later
   * ones of the folder's earlier files. Steps that are taken again do not show twice.
   */
  readonly resumeAt?: number;
}

/**
 * Writes an event file, which TensorBoard draws. Each writer makes its own file and only adds to
 * it. TensorBoard can read it meanwhile.
 *
 * What is added waits in memory until {@link EventFileWriter.flush} or {@link
 * EventFileWriter.close}.
 *
 * @example
 * ```ts
 * const events = await EventFileWriter.open('runs/a/tensorboard');
 * events.scalars(1, { loss: 0.5 });
 * await events.close();
 * ```
 */
export class EventFileWriter {
  /** The file that is written. */
  readonly path: string;
  readonly #file: FileHandle;
  /** Records that are not in the file yet. */
  readonly #pending: Buffer[] = [];
  /** How many bytes are in the file. */
  #written = 0;
  #flushed: Promise<void> = Promise.resolve();
  #closed = false;

  private constructor(path: string, file: FileHandle) {
    this.path = path;
    this.#file = file;
  }

  /**
   * Begins a file in a folder, which is made if it is missing, with those above it.
   *
   * @throws RangeError when `resumeAt` is no step, and what the file system throws.
   */
  static async open(folder: string, { resumeAt }: EventFileOptions = {}): Promise<EventFileWriter> {
    if (resumeAt !== undefined) checkStep(resumeAt);
    await mkdir(folder, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
      // A file of that name: to read it as a folder says so.
      if (error.code !== 'EEXIST') throw error;
    });
    const path = join(folder, nextName(await readdir(folder)));
    const writer = new EventFileWriter(path, await open(path, 'wx'));
    writer.#add(0, fileVersion());
    if (resumeAt !== undefined) writer.#add(resumeAt, sessionStart());
    return writer;
  }

  /**
   * Adds numbers of one step by tag. Tags with a common beginning up to a slash, such as
   * `scores/real`, share a section. TensorBoard keeps float32; numbers that are not finite are
   * shown as such.
   *
   * @throws RangeError when `step` is no whole number from 0; Error when the file is closed.
   */
  scalars(step: number, values: Readonly<Record<string, number>>): void {
    this.#add(step, summary(Object.entries(values).map((entry) => scalarValue(...entry))));
  }

  /**
   * Adds a picture: the bytes of a PNG, or of a GIF, which moves.
   *
   * @throws TypeError when it is neither, and as {@link EventFileWriter.scalars} does.
   */
  image(step: number, tag: string, picture: Uint8Array): void {
    this.#add(step, summary([imageValue(tag, picture)]));
  }

  /**
   * Adds how values are distributed, in 30 ranges of equal width.
   *
   * @throws RangeError when there are no values, or one is not finite; and as {@link
   * EventFileWriter.scalars} does.
   */
  histogram(step: number, tag: string, values: ArrayLike<number>): void {
    this.#add(step, summary([histogramValue(tag, values)]));
  }

  /**
   * Hands everything added so far to the operating system. When that fails, what was added is kept,
   * and the next call writes it where this one began.
   *
   * @throws what the file system throws, such as ENOSPC.
   */
  flush(): Promise<void> {
    const write = () => this.#write();
    this.#flushed = this.#flushed.then(write, write);
    return this.#flushed;
  }

  /**
   * Writes what is left, to the disk, and closes the file. A second call does nothing.
   *
   * @throws what the file system throws; the file is closed in any case.
   */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    try {
      await this.flush();
      await this.#file.sync();
    } finally {
      await this.#file.close();
    }
  }

  #add(step: number, content: EventContent): void {
    if (this.#closed) throw new Error(`${this.path} is closed`);
    checkStep(step);
    this.#pending.push(formatRecord(formatEvent(Date.now() / 1000, step, content)));
  }

  async #write(): Promise<void> {
    const records = this.#pending.length;
    const bytes = Buffer.concat(this.#pending);
    for (let done = 0; done < bytes.length;) {
      const { bytesWritten } = await this.#file.write(
        bytes,
        done,
        bytes.length - done,
        this.#written + done,
      );
      done += bytesWritten;
    }
    this.#written += bytes.length;
    this.#pending.splice(0, records);
  }
}

const prefix = 'events.out.tfevents.';

/**
 * A name for a new file. TensorBoard reads a folder's files in the order of their names and never
 * turns back, so the time in the name is later than that of all others even when the clock is not.
 */
function nextName(names: readonly string[]): string {
  const times = names
    .filter((name) => name.startsWith(prefix))
    .map((name) => Number.parseInt(name.slice(prefix.length), 10))
    .filter(Number.isSafeInteger);
  const now = Math.floor(Date.now() / 1000);
  const time = times.reduce((latest, other) => Math.max(latest, other + 1), now);
  return `${prefix}${String(time).padStart(10, '0')}.${process.pid}`;
}

function checkStep(step: number): void {
  if (!Number.isSafeInteger(step) || step < 0) {
    throw new RangeError(`a step is a whole number from 0, got ${step}`);
  }
}
