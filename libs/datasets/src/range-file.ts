import { close, constants, fstat, open, read } from 'node:fs';
import { promisify } from 'node:util';
import { plainReason } from './data-folder.js';
import { DatasetError } from './error.js';

const [openFile, statFile, readFile, closeFile] = [
  promisify(open),
  promisify(fstat),
  promisify(read),
  promisify(close),
];

/** A large file that is read by range. */
export class RangeFile {
  private constructor(
    readonly path: string,
    /** Bytes. */
    readonly size: number,
    private readonly fd: number,
  ) {}

  /** @throws DatasetError when the file cannot be opened, or is no regular file. */
  static async open(path: string): Promise<RangeFile> {
    let fd: number;
    try {
      // A pipe is not waited for.
      fd = await openFile(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    } catch (cause) {
      throw new DatasetError(`${path}: cannot be opened: ${plainReason(cause)}`, { cause });
    }
    const stats = await statFile(fd);
    if (!stats.isFile()) {
      await closeFile(fd);
      throw new DatasetError(`${path}: is not a file`);
    }
    return new RangeFile(path, stats.size, fd);
  }

  /**
   * @returns exactly `length` bytes. The caller owns them.
   * @throws DatasetError when the file does not reach that far; nothing is allocated then.
   */
  async read(position: number, length: number): Promise<Uint8Array> {
    const whole = Number.isSafeInteger(position) && Number.isSafeInteger(length);
    if (!whole || position < 0 || length < 0 || position + length > this.size) {
      throw this.#cutShort(position, length);
    }
    const bytes = new Uint8Array(length);
    await this.readInto(bytes, position);
    return bytes;
  }

  /** Fills `target` with the bytes from `position` on. */
  async readInto(target: Uint8Array, position: number): Promise<void> {
    for (let filled = 0; filled < target.length;) {
      const { bytesRead } = await readFile(
        this.fd,
        target,
        filled,
        target.length - filled,
        position + filled,
      );
      if (bytesRead === 0) throw this.#cutShort(position, target.length);
      filled += bytesRead;
    }
  }

  /** No read may follow. */
  async close(): Promise<void> {
    await closeFile(this.fd);
  }

  #cutShort(position: number, length: number): DatasetError {
    return new DatasetError(
      `${this.path}: cut short: ${length} bytes are wanted from ${position} on, the file has ${this.size}`,
    );
  }
}
