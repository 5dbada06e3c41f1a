import { open, type FileHandle } from 'node:fs/promises';

/** The values of one metric, by step. */
export interface Series {
  readonly steps: number[];
  readonly values: number[];
}

/** More different metrics than any run has: a bound for damaged files. */
const MOST_SERIES = 1000;

/**
 * The metrics of a run, by name. A number in a line of metrics.jsonl is a metric of that name; an
 * object of numbers is a group of them, such as `singularValues/conv0`.
 */
export class Metrics {
  readonly #series = new Map<string, Series>();
  /** The last step that was added. */
  lastStep = 0;

  /** Adds an object as a line of metrics.jsonl has it; what has no step is ignored. */
  add(line: unknown): void {
    if (typeof line !== 'object' || line === null) return;
    const { step, ...rest } = line as Record<string, unknown>;
    if (!isNumber(step)) return;
    this.lastStep = step;
    for (const [name, value] of Object.entries(rest)) {
      // JSON has null for what is no number.
      if (typeof value === 'number' || value === null) this.#addValue(name, step, value);
      else if (typeof value === 'object') {
        for (const [part, number] of Object.entries(value)) {
          if (typeof number === 'number' || number === null) {
            this.#addValue(`${name}/${part}`, step, number);
          }
        }
      }
    }
  }

  /**
   * The series of a metric, or those of a group by the rest of their names; none where there is no
   * such.
   */
  get(name: string): ReadonlyMap<string, Series> {
    const single = this.#series.get(name);
    if (single) return new Map([[name, single]]);
    const prefix = `${name}/`;
    const members = [...this.#series].filter(([full]) => full.startsWith(prefix));
    return new Map(members.map(([full, series]) => [full.slice(prefix.length), series]));
  }

  /** The names of all metrics and groups, see {@link Metrics.get}. */
  get names(): string[] {
    return [...new Set([...this.#series.keys()].map((name) => name.split('/')[0]))];
  }

  /** The last value of each metric that is no member of a group. */
  get last(): Record<string, number> {
    const single = [...this.#series].filter(([name]) => !name.includes('/'));
    return Object.fromEntries(single.map(([name, { values }]) => [name, values.at(-1)!]));
  }

  #addValue(name: string, step: number, value: number | null): void {
    let series = this.#series.get(name);
    if (!series) {
      if (this.#series.size === MOST_SERIES) return;
      this.#series.set(name, (series = { steps: [], values: [] }));
    }
    // A run that was resumed may take steps again: the later ones count.
    while (series.steps.length > 0 && series.steps.at(-1)! >= step) {
      series.steps.pop();
      series.values.pop();
    }
    series.steps.push(step);
    series.values.push(value ?? NaN);
  }
}

const isNumber = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value);

const CHUNK = 1 << 20;
/** Bytes that are compared: a step or two with all digits of their values. */
const TAIL = 512;
/** Longer than any line that a run writes; what is longer is damage and is skipped. */
const LONGEST_LINE = 1 << 20;

/** Reads a metrics.jsonl that may still grow. Each byte is read once. */
export class MetricsFile {
  readonly path: string;
  /** What was read so far. */
  metrics = new Metrics();
  #inode = -1;
  #offset = 0;
  /** The beginning of a line whose end is not there yet. */
  #rest = Buffer.alloc(0);
  #skipping = false;
  /** The last bytes that were read, which tell a file that was begun anew. */
  #tail = Buffer.alloc(0);

  constructor(path: string) {
    this.path = path;
  }

  /**
   * Reads what is new; all of it again where the file was replaced, as a resumed run does. Lines
   * that are no JSON are skipped: a run that was killed may leave one.
   *
   * @returns whether there was anything new.
   * @throws what the file system throws, such as ENOENT.
   */
  async read(): Promise<boolean> {
    const file = await open(this.path);
    try {
      const { ino, size } = await file.stat();
      if (ino !== this.#inode || size < this.#offset || !(await this.#continues(file))) {
        this.#startOver(ino);
      }
      if (size === this.#offset) return false;
      const buffer = Buffer.alloc(Math.min(CHUNK, size - this.#offset));
      while (this.#offset < size) {
        const { bytesRead } = await file.read(buffer, 0, buffer.length, this.#offset);
        if (bytesRead === 0) break;
        this.#offset += bytesRead;
        const read = buffer.subarray(0, bytesRead);
        this.#tail = Buffer.concat([this.#tail, read]).subarray(-TAIL);
        this.#take(read);
      }
      return true;
    } finally {
      await file.close();
    }
  }

  #startOver(inode: number): void {
    this.metrics = new Metrics();
    this.#inode = inode;
    this.#offset = 0;
    this.#rest = Buffer.alloc(0);
    this.#skipping = false;
    this.#tail = Buffer.alloc(0);
  }

  /** Whether the file still has what was read last. A new file may get the inode of an old one. */
  async #continues(file: FileHandle): Promise<boolean> {
    const { length } = this.#tail;
    if (length === 0) return true;
    const there = Buffer.alloc(length);
    await file.read(there, 0, length, this.#offset - length);
    return there.equals(this.#tail);
  }

  #take(bytes: Buffer): void {
    let start = 0;
    for (let end; (end = bytes.indexOf(10, start)) >= 0; start = end + 1) {
      const line = Buffer.concat([this.#rest, bytes.subarray(start, end)]);
      this.#rest = Buffer.alloc(0);
      if (!this.#skipping) this.#addLine(line.toString());
      this.#skipping = false;
    }
    this.#rest = Buffer.concat([this.#rest, bytes.subarray(start)]);
    if (this.#rest.length > LONGEST_LINE) {
      this.#rest = Buffer.alloc(0);
      this.#skipping = true;
    }
  }

  #addLine(line: string): void {
    try {
      this.metrics.add(JSON.parse(line));
    } catch {
      // no JSON: skipped
    }
  }
}
