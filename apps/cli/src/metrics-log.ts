import { open, readFile, type FileHandle } from 'node:fs/promises';
import { writeFileAtomic } from '@tgan/runs';
import type { MetricsLine } from './metrics.js';

/** A run's metrics.jsonl: a JSON object for each step, one a line. */
export class MetricsLog {
  readonly #file: FileHandle;
  /** All lines. */
  readonly lines: MetricsLine[];

  private constructor(file: FileHandle, lines: MetricsLine[]) {
    this.#file = file;
    this.lines = lines;
  }

  /**
   * Opens metrics.jsonl, or begins it. Lines of steps after `steps` are dropped, since these steps come again, and so is
   * half a line that a killed run left.
   */
  static async open(path: string, steps: number): Promise<MetricsLog> {
    const text = await readFile(path, 'utf8').catch(() => '');
    const lines = text.split('\n').flatMap((line) => parseLine(line) ?? []);
    const kept = lines.filter(({ step }) => step <= steps);
    await writeFileAtomic(path, Buffer.from(kept.map(format).join('')));
    return new MetricsLog(await open(path, 'a'), kept);
  }

  /** Adds a line. */
  async add(line: MetricsLine): Promise<void> {
    this.lines.push(line);
    await this.#file.appendFile(format(line));
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
}

const format = (line: MetricsLine) => `${JSON.stringify(line)}\n`;

function parseLine(line: string): MetricsLine | undefined {
  try {
    return JSON.parse(line) as MetricsLine;
  } catch {
    return undefined;
  }
}
