import { FfmpegMissingError } from './ffmpeg-missing-error.js';
import { ffmpegPath, startFfmpeg } from './ffmpeg-process.js';

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

const helpTexts = new Map<string, Promise<string | undefined>>();

/**
 * What ffmpeg says about one of its parts; undefined when it is built without it.
 *
 * @param part - such as `filter=zscale` or `decoder=libvpx-vp9`.
 * @throws FfmpegMissingError when it cannot be run.
 */
export function ffmpegHelp(part: string): Promise<string | undefined> {
  const key = `${ffmpegPath()} ${part}`;
  let help = helpTexts.get(key);
  if (!help) {
    // It exits with 0 either way. Only a part that it knows begins with what it is.
    help = run(['-h', part]).then(({ stdout }) =>
      /^(Filter|Decoder) /.test(stdout) ? stdout : undefined,
    );
    helpTexts.set(key, help);
    help.catch(() => helpTexts.delete(key));
  }
  return help;
}

/**
 * Checks that ffmpeg has a filter, and gives its help.
 *
 * @param library - what ffmpeg is built with when it has it; for the message.
 * @throws FfmpegMissingError when it has not, or cannot be run.
 */
export async function ffmpegFilterHelp(filter: string, library: string): Promise<string> {
  const help = await ffmpegHelp(`filter=${filter}`);
  if (!help) throw new FfmpegMissingError(ffmpegPath(), { lacks: library });
  return help;
}

async function run(args: readonly string[]): Promise<{ stdout: string }> {
  const { child, ended } = startFfmpeg(args);
  let stdout = '';
  child.stdout!.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  await ended;
  return { stdout };
}
