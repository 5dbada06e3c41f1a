/** What {@link LiveLines} needs of a terminal. */
export interface Terminal {
  readonly columns: number;
  readonly rows: number;
  write(text: string): unknown;
}

/** A few lines at the bottom of a terminal that are redrawn in place. */
export class LiveLines {
  readonly #terminal: Terminal;
  #drawn = 0;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  /**
   * Draws lines in place of the last ones. Long lines are cut, because a wrapped line would take
   * two rows.
   */
  draw(lines: readonly string[]): void {
    const { columns, rows } = this.#terminal;
    const shown = lines.slice(0, rows - 1).map((line) => cut(line, columns - 1));
    this.#terminal.write(this.#erase() + shown.map((line) => `${line}\n`).join(''));
    this.#drawn = shown.length;
  }

  /** Erases the lines, to make room for other output. */
  clear(): void {
    this.#terminal.write(this.#erase());
  }

  /** Keeps the lines on the terminal. */
  leave(): void {
    this.#drawn = 0;
  }

  /** The codes that move up to the first line and erase from there. */
  #erase(): string {
    const lines = this.#drawn;
    this.#drawn = 0;
    return lines > 0 ? `\x1b[${lines}A\x1b[0J` : '';
  }
}

const cut = (line: string, width: number) =>
  line.length <= width ? line : `${line.slice(0, Math.max(0, width - 1))}…`;
