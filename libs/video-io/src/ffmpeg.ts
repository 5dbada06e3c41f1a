import { spawn, type ChildProcess } from 'node:child_process';
import { VideoError } from './clips.js';

/** There is no ffmpeg to run. The message says how to get it. */
export class FfmpegMissingError extends VideoError {
  override readonly name = 'FfmpegMissingError';

  constructor(path: string, options?: ErrorOptions) {
    super(
      `ffmpeg is needed for this and "${path}" does not run: install it (Debian, Ubuntu: apt-get install ffmpeg; ` +
        'macOS: brew install ffmpeg; Windows: winget install ffmpeg), or set FFMPEG_PATH to it',
      options,
    );
  }
}

const ffmpegPath = () => process.env.FFMPEG_PATH || 'ffmpeg';

const versions = new Map<string, Promise<string>>();

/**
 * The version of the ffmpeg that is run: the one that FFMPEG_PATH names, else the one on the PATH.
 *
 * @throws FfmpegMissingError when it cannot be run.
 */
export function ffmpegVersion(): Promise<string> {
  const path = ffmpegPath();
  let version = versions.get(path);
  if (!version) {
    version = run(['-version']).then(
      ({ stdout }) => /^ffmpeg version (\S+)/.exec(stdout)?.[1] ?? '',
    );
    versions.set(path, version);
    version.catch(() => versions.delete(path));
  }
  return version;
}

/** A running ffmpeg: its pipes, and how it ended. */
export interface FfmpegProcess {
  readonly child: ChildProcess;
  /** The first lines that it wrote to stderr, so far. */
  readonly complaints: () => string[];
  /** Resolves when the process is gone and its pipes are closed; rejects when it never ran. */
  readonly ended: Promise<FfmpegEnd>;
  /** Ends the process, unless it has ended, and waits until it is gone. Never rejects. */
  readonly stop: () => Promise<void>;
}

interface FfmpegEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A damaged file can make ffmpeg complain without end; the first lines say what is wrong. */
const keptComplaints = 4096;

/** Starts ffmpeg. `input` says whether something will be written to its stdin. */
export function startFfmpeg(args: readonly string[], input = false): FfmpegProcess {
  const path = ffmpegPath();
  const child = spawn(path, ['-hide_banner', '-nostats', ...args], {
    stdio: [input ? 'pipe' : 'ignore', 'pipe', 'pipe'],
    windowsHide: true,
  });
  let stderr = '';
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    if (stderr.length < keptComplaints) stderr += text.slice(0, keptComplaints - stderr.length);
  });
  const ended = new Promise<FfmpegEnd>((resolve, reject) => {
    child.once('error', (cause) => reject(new FfmpegMissingError(path, { cause })));
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
  const stop = async () => {
    child.kill('SIGKILL');
    // A pipe that nobody reads to its end would keep the process from closing.
    child.stdin?.destroy();
    child.stdout!.destroy();
    await ended.catch(() => {});
  };
  ended.catch(() => {}); // whoever awaits it hears of it
  const complaints = () =>
    stderr
      .split(/[\r\n]+/)
      .map((line) => line.replace(/ @ 0x[0-9a-f]+\]/, ']').trim())
      .filter(Boolean);
  return { child, complaints, ended, stop };
}

async function run(args: readonly string[]): Promise<{ stdout: string }> {
  const { child, ended } = startFfmpeg(args);
  let stdout = '';
  child.stdout!.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  await ended;
  return { stdout };
}
