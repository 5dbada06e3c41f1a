import type { Command } from 'commander';
import { upTo, whole } from './numbers.js';
import { addPictureFlags } from './picture-flags.js';

export function addInterpolate(program: Command): void {
  const interpolate = program
    .command('interpolate')
    .summary('make videos with more frames between their frames')
    .description(
      'Makes the videos that tgan sample makes with the same seed and count, and adds frames between their frames. The original frames do not change.',
    )
    .argument('<run>', 'the folder of the run')
    .option(
      '--factor <number>',
      'how many times as many frames: 2 adds one between two neighbors',
      upTo(1000),
      4,
    )
    .option('--count <number>', 'number of videos', upTo(10_000), 1)
    .option('--seed <number>', 'the same seed gives the same videos', whole, 0)
    .option('--label <name>', 'the label, for a conditional model (default: its first label)')
    .option('--beside', 'show each original video too, on the left');
  addPictureFlags(interpolate, 'interpolated.gif', '10 times the factor, at most 50')
    .addHelpText(
      'after',
      `
Examples:
  tgan interpolate runs/moving-mnist-tiny --factor 4 --out smooth.webp
  tgan interpolate runs/moving-mnist-tiny --count 3 --beside --fps 40 --out compared.mp4`,
    )
    .action(async (run: string, options) => {
      const { interpolate } = await import('../commands/interpolate.js');
      await interpolate(run, options);
    });
}
