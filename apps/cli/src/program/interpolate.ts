import type { Command } from 'commander';
import { upTo, whole } from './numbers.js';
import { addPictureFlags } from './picture-flags.js';

export function addInterpolate(program: Command): void {
  const interpolate = program
    .command('interpolate')
    .summary('make videos with frames between their frames')
    .description(
      'Makes videos with the generator of a run, with more frames between their frames. The videos are those that tgan sample makes of the same seed and count, and all of their frames stay.',
    )
    .argument('<run>', 'the run folder that tgan train left')
    .option(
      '--factor <number>',
      'frames for each one before: 2 puts one between two',
      upTo(1000),
      4,
    )
    .option('--count <number>', 'how many videos', upTo(10_000), 1)
    .option('--seed <number>', 'the same seed gives the same videos', whole, 0)
    .option('--label <name>', 'what to make, for a conditional model (default: its first label)')
    .option('--beside', 'show each video also as it was, to the left');
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
