import type { Command } from 'commander';
import { positive, weightsStep } from './numbers.js';

/** What every command takes that makes a picture of videos. */
export interface PictureFlags {
  /** The picture to write; its ending says which kind. */
  readonly out: string;
  readonly scale?: number;
  readonly fps?: number;
  readonly backend: string;
  /** Which weights of the run. */
  readonly step?: 'last' | 'best' | number;
  readonly json?: boolean;
}

/** Adds the flags of {@link PictureFlags}; `fps` says what is taken without one. */
export function addPictureFlags(command: Command, out: string, fps = '10'): Command {
  return command
    .option(
      '--out <file>',
      'the picture to write: .gif, .webp and .mp4 move, .png is a strip with a video a row',
      out,
    )
    .option(
      '--scale <number>',
      'enlarge each pixel (default: to about 128 pixels a frame)',
      positive,
    )
    .option('--fps <number>', `frames a second (default: ${fps})`, positive)
    .option('--backend <name>', 'what computes: auto, or a name that tgan doctor lists', 'auto')
    .option('--step <which>', 'which weights: last, best, or the step of a checkpoint', weightsStep)
    .option('--json', 'print a JSON object on standard output');
}
