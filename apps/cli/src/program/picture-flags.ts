import type { Command } from 'commander';
import { positive, weightsStep } from './numbers.js';

/** The flags of every command that writes videos as a picture. */
export interface PictureFlags {
  /** The picture to write. Its extension selects the format. */
  readonly out: string;
  readonly scale?: number;
  readonly fps?: number;
  readonly backend: string;
  /** The weights to use. */
  readonly step?: 'last' | 'best' | number;
  readonly json?: boolean;
}

/** Adds the flags of {@link PictureFlags}; `fps` describes the default frame rate. */
export function addPictureFlags(command: Command, out: string, fps = '10'): Command {
  return command
    .option(
      '--out <file>',
      'the picture to write: .gif, .webp or .mp4 for animation, .png for a film strip with one video per row',
      out,
    )
    .option(
      '--scale <number>',
      'enlarge each pixel by this factor (default: frames of about 128 pixels)',
      positive,
    )
    .option('--fps <number>', `frames per second (default: ${fps})`, positive)
    .option('--backend <name>', 'auto, or a backend that tgan doctor lists', 'auto')
    .option(
      '--step <which>',
      'the weights to use: last, best, or the step of a checkpoint (default: last)',
      weightsStep,
    )
    .option('--json', 'print one JSON object on standard output');
}
