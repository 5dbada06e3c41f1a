import { clearScreenDown, moveCursor } from 'node:readline';
import type { WriteStream } from 'node:tty';

/** A few lines at the bottom of a terminal that are drawn over again and again. */
export class LiveLines {
  readonly #terminal: WriteStream;
  #drawn = 0;

  constructor(terminal: WriteStream) {
    this.#terminal = terminal;
  }

  /** Draws lines in place of the last ones. What does not fit a line is cut off, for a line that wraps would be two. */
  draw(lines: readonly string[]): void {
    const { columns, rows } = this.#terminal;
    const shown = lines.slice(0, rows - 1).map((line) => cut(line, columns - 1));
    this.clear();
    this.#terminal.write(shown.map((line) => `${line}\n`).join(''));
    this.#drawn = shown.length;
  }

  /** Takes the lines away. */
  clear(): void {
    if (this.#drawn === 0) return;
    moveCursor(this.#terminal, 0, -this.#drawn);
    clearScreenDown(this.#terminal);
    this.#drawn = 0;
  }

  /** Leaves the lines where they are. */
  leave(): void {
    this.#drawn = 0;
  }
}

const cut = (line: string, width: number) =>
  line.length <= width ? line : `${line.slice(0, Math.max(0, width - 1))}…`;
