/** Text from elsewhere, such as the name of a file, without characters that control a terminal. */
export const printable = (text: string) =>
  text.replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, '\ufffd');

/** Prints a message on standard error. */
export const log = (text: string) => process.stderr.write(`tgan: ${printable(text)}\n`);

/** Prints an object on standard output, for `--json`. */
export const printJson = (value: unknown) => process.stdout.write(`${JSON.stringify(value)}\n`);

/**
 * Keeps the program running when its output fails. A closed pipe, as with `| head`, and a lost
 * terminal are ignored. Any other failure of standard output sets the exit code to 1.
 */
export function guardOutput(): void {
  for (const stream of [process.stdout, process.stderr]) {
    const failed = ({ code }: NodeJS.ErrnoException) => {
      if (stream === process.stderr || code === 'EPIPE') return;
      process.stderr.write(`tgan: cannot write to standard output (${code})\n`);
      process.exitCode = 1;
    };
    stream.on('error', failed);
    // Some versions of Node throw when they write to a file.
    const write = stream.write.bind(stream) as (...args: unknown[]) => boolean;
    stream.write = ((...args: unknown[]) => {
      try {
        return write(...args);
      } catch (error) {
        failed(error as NodeJS.ErrnoException);
        return false;
      }
    }) as typeof stream.write;
  }
}
