import { openRun, pictureFormat, type SampleOptions } from '@tgan/runs';
import { log } from '../log.js';
import { present, videosOf } from '../present.js';
import type { PictureFlags } from '../program/picture-flags.js';

/** What `tgan sample` takes. */
export interface SampleCommand extends PictureFlags, SampleOptions {
  readonly count: number;
  /** Whether to show the parts of VGAN's videos. */
  readonly streams?: boolean;
}

/** Makes new videos with the generator of a run and writes them as one picture. */
export async function sample(folder: string, options: SampleCommand): Promise<void> {
  pictureFormat(options.out); // before the work, not after it
  const { count, streams } = options;
  const run = await openRun(folder, { ...options, onNote: log });
  const videos = streams ? run.streams(options) : await run.sample(options);
  run.dispose();
  await present(videos, options, {
    shown: `${videosOf(count)}${streams ? ' with foreground, mask and background' : ''}`,
    columns: streams ? 4 : undefined,
  });
}
