import type { Command } from 'commander';
import { fraction, upTo, whole } from './numbers.js';
import { addPictureFlags } from './picture-flags.js';

export function addSample(program: Command): void {
  const sample = program
    .command('sample')
    .summary('make videos with a trained generator')
    .description('Makes new videos with the generator of a run.')
    .argument('<run>', 'the run folder that tgan train left')
    .option('--count <number>', 'how many videos', upTo(10_000), 16)
    .option('--seed <number>', 'the same seed gives the same videos', whole, 0)
    .option('--label <name>', 'what to make, for a conditional model (default: each in turn)')
    .option(
      '--truncation <number>',
      'how far latents go from the center: 1 as in training, less for more typical videos',
      fraction,
      1,
    )
    .option('--streams', 'for vgan: each video with its foreground, mask and background');
  addPictureFlags(sample, 'samples.gif')
    .addHelpText(
      'after',
      `
Examples:
  tgan sample runs/moving-mnist-tiny --count 9 --out nine.gif
  tgan sample runs/moving-mnist-labels --label 7 --out sevens.webp`,
    )
    .action(async (run: string, options) => {
      const { sample } = await import('../commands/sample.js');
      await sample(run, options);
    });
}
