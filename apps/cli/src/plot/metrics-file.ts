import { open } from 'node:fs/promises';
import { Metrics } from './metrics.js';

const CHUNK = 1 << 20;
/** Longer than any line that a run writes; what is longer is damage and is skipped. */
const LONGEST_LINE = 1 << 20;

/** Reads a metrics.jsonl that may still grow, each byte once. */
export class MetricsFile {
  readonly path: string;
  /** What was read so far. */
  metrics = new Metrics();
  #inode = -1;
  #offset = 0;
  /** The beginning of a line whose end is not there yet. */
  #rest = Buffer.alloc(0);
  #skipping = false;

  constructor(path: string) {
    this.path = path;
  }

  /**
   * Reads what is new; all of it again where the file was replaced, as a resumed run does. Lines that are no JSON are
   * skipped: a run that was killed may leave one.
   *
   * @returns whether there was anything new.
   * @throws what the file system throws, such as ENOENT.
   */
  async read(): Promise<boolean> {
    const file = await open(this.path);
    try {
      const { ino, size } = await file.stat();
      if (ino !== this.#inode || size < this.#offset) this.#startOver(ino);
      if (size === this.#offset) return false;
      const buffer = Buffer.alloc(Math.min(CHUNK, size - this.#offset));
      while (this.#offset < size) {
        const { bytesRead } = await file.read(buffer, 0, buffer.length, this.#offset);
        if (bytesRead === 0) break;
        this.#offset += bytesRead;
        this.#take(buffer.subarray(0, bytesRead));
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
