import type { Command } from 'commander';
import { positive, whole } from './numbers.js';

export function addSample(program: Command): void {
  program
    .command('sample')
    .summary('make videos with a trained generator')
    .description(
      'Makes new videos with the generator of a run. The ending of --out says how: .gif and .webp move, .png is a strip with a video a row.',
    )
    .argument('<run>', 'the run folder that tgan train left')
    .option('--count <number>', 'how many videos', positive, 16)
    .option('--seed <number>', 'the same seed gives the same videos', whole, 0)
    .option('--label <number>', 'what to make, for a conditional model', whole)
    .option('--out <file>', 'the picture to write', 'samples.gif')
    .option(
      '--scale <number>',
      'enlarge each pixel (default: to about 128 pixels a frame)',
      positive,
    )
    .option('--fps <number>', 'frames a second', positive, 10)
    .option('--backend <name>', 'what computes: auto, or a name that tgan doctor lists', 'auto')
    .option('--json', 'print a JSON object on standard output')
    .addHelpText(
      'after',
      '\nExample:\n  tgan sample runs/moving-mnist-tiny --count 9 --out nine.gif',
    )
    .action(async (run: string, options) => {
      const { sample } = await import('../commands/sample.js');
      await sample(run, options);
    });
}
