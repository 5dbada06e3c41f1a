import { CommanderError } from 'commander';
import { report } from '../errors.js';
import { createProgram } from '../program.js';

/**
 * Runs a command line in this process, which spares the start of another one. Paths should be
 * absolute.
 */
export async function runTgan(...args: string[]) {
  const [stdout, stderr]: [string[], string[]] = [[], []];
  const capture = (stream: NodeJS.WriteStream, lines: string[]) => {
    const { write } = stream;
    stream.write = (text: string | Uint8Array) => lines.push(String(text)) > 0;
    return () => {
      stream.write = write;
    };
  };
  const release = [capture(process.stdout, stdout), capture(process.stderr, stderr)];
  let status = 0;
  try {
    await (await createProgram('0.0.0', args)).parseAsync(args, { from: 'user' });
  } catch (error) {
    status = error instanceof CommanderError ? Math.min(2, 2 * error.exitCode) : report(error);
  } finally {
    for (const undo of release) undo();
  }
  return { status, stdout: stdout.join(''), stderr: stderr.join('') };
}
