import type { Command } from 'commander';
import { fraction, upTo, whole } from './numbers.js';
import { addPictureFlags } from './picture-flags.js';

export function addSample(program: Command): void {
  const sample = program
    .command('sample')
    .summary('make videos with a trained generator')
    .description('Makes new videos with the generator of a run.')
    .argument('<run>', 'the folder of the run')
    .option('--count <number>', 'number of videos', upTo(10_000), 16)
    .option('--seed <number>', 'the same seed gives the same videos', whole, 0)
    .option('--label <name>', 'the label, for a conditional model (default: each label in turn)')
    .option(
      '--truncation <number>',
      'scale of the latents, from 0 to 1: 1 as in training, less for more typical videos',
      fraction,
      1,
    )
    .option('--streams', 'vgan: show each video with its foreground, mask and background');
  addPictureFlags(sample, 'samples.gif')
    .addHelpText(
      'after',
      `
Examples:
  tgan sample runs/moving-mnist-tiny --count 9 --out nine.gif
  tgan sample runs/moving-mnist-tiny --label 7 --out sevens.webp`,
    )
    .action(async (run: string, options) => {
      const { sample } = await import('../commands/sample.js');
      await sample(run, options);
    });
}
