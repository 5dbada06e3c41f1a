/** Text from elsewhere, such as the name of a file, with nothing in it that a terminal acts on. */
export const printable = (text: string) =>
  text.replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, '\ufffd');

/** Says something on standard error. */
export const log = (text: string) => process.stderr.write(`tgan: ${printable(text)}\n`);

/** Prints an object on standard output, for `--json`. */
export const printJson = (value: unknown) => process.stdout.write(`${JSON.stringify(value)}\n`);

/**
 * Keeps output that nobody can take from ending the program. A pipe that is closed, such as that of
 * `| head`, and a terminal that is lost say nothing. When standard output fails in another way, the
 * exit code tells.
 */
export function guardOutput(): void {
  for (const stream of [process.stdout, process.stderr]) {
    const failed = ({ code }: NodeJS.ErrnoException) => {
      if (stream === process.stderr || code === 'EPIPE') return;
      process.stderr.write(`tgan: cannot write to standard output (${code})\n`);
      process.exitCode = 1;
    };
    stream.on('error', failed);
    // Node writes to files at once, and some of its versions throw.
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
