import { spawn, type ChildProcess } from 'node:child_process';
import { resolve } from 'node:path';
import { FfmpegMissingError } from './ffmpeg-missing-error.js';

/** The ffmpeg that is run: the one that FFMPEG_PATH names, else the one on the PATH. */
export const ffmpegPath = () => process.env.FFMPEG_PATH || 'ffmpeg';

/** A running ffmpeg: its pipes, and how it ended. */
export interface FfmpegProcess {
  readonly child: ChildProcess;
  /** The first errors that it wrote, so far. */
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

/** A line that is longer is cut: ffmpeg repeats what a file says of itself. */
const longestLine = 65_536;

/** How ffmpeg is started. */
interface FfmpegStart {
  /** Whether something will be written to its stdin. */
  readonly input?: boolean;
  /** The working directory. Default: that of this process. */
  readonly folder?: string;
  /** Hears each line that describes the input or the output. */
  readonly hear?: (line: string) => void;
}

/** Starts ffmpeg. */
export function startFfmpeg(
  args: readonly string[],
  { input, folder, hear }: FfmpegStart = {},
): FfmpegProcess {
  const path = ffmpegPath();
  // A path that is given from here, not a command of the PATH, holds from that folder too.
  const command = /[/\\]/.test(path) ? resolve(path) : path;
  const child = spawn(command, ['-hide_banner', '-nostats', '-v', 'level+info', ...args], {
    stdio: [input ? 'pipe' : 'ignore', 'pipe', 'pipe'],
    windowsHide: true,
    // In a process group of its own: Ctrl-C is for this process, which ends ffmpeg when it sees
    // fit.
    detached: process.platform !== 'win32',
    cwd: folder,
  });
  const complaints: string[] = [];
  let kept = 0;
  const take = (line: string) => {
    const [, level, text] = /^(?:\[[^\]]* @ [^\]]*\] )*\[(\w+)\] ?(.*)$/.exec(line) ?? [];
    if (level === 'info') hear?.(text);
    if (!/^(error|fatal|panic)$/.test(level ?? '') || !text.trim()) return;
    if (kept < keptComplaints) complaints.push(text.trim().slice(0, keptComplaints - kept));
    kept += text.length;
  };
  let rest = '';
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split(/[\r\n]+/);
    rest = lines.pop()!.slice(0, longestLine);
    lines.forEach(take);
  });
  const ended = new Promise<FfmpegEnd>((resolve, reject) => {
    child.once('error', (cause) => reject(new FfmpegMissingError(path, { cause })));
    child.once('close', (code, signal) => {
      take(rest);
      resolve({ code, signal });
    });
  });
  const stop = async () => {
    child.kill('SIGKILL');
    // A pipe that nobody reads to its end would keep the process from closing.
    child.stdin?.destroy();
    child.stdout!.destroy();
    await ended.catch(() => {});
  };
  ended.catch(() => {}); // it reaches whoever awaits it
  return { child, complaints: () => complaints, ended, stop };
}
