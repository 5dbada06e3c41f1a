import { type Command, Option } from 'commander';
import type { TransitionOptions } from '../commands/transition.js';
import { upTo, whole } from './numbers.js';
import { addPictureFlags } from './picture-flags.js';

export function addTransition(program: Command): void {
  const transition = program
    .command('transition')
    .summary('turn one video into another')
    .description(
      'Makes a film that shows one video, turns it into another and shows that one. With --grid, it makes a series of whole videos side by side instead. The two ends are the videos that tgan sample --count 1 makes with the same seeds.',
    )
    .argument('<run>', 'the folder of the run')
    .option('--from <seed>', 'the seed of the first video', whole, 0)
    .option('--to <seed>', 'the seed of the last video', whole, 1)
    .addOption(
      new Option('--path <name>', 'the path between the two latents')
        .choices(['linear', 'spherical'] satisfies TransitionOptions['path'][])
        .default('linear'),
    )
    .option('--between <number>', 'frames between the two videos of the film', upTo(100_000), 16)
    .option('--grid', 'make whole videos side by side instead of a film')
    .option('--steps <number>', 'videos in the grid, including both ends', upTo(10_000), 8)
    .option('--label <name>', 'the label, for a conditional model (default: its first label)');
  addPictureFlags(transition, 'transition.gif')
    .addHelpText(
      'after',
      `
Examples:
  tgan transition runs/moving-mnist-tiny --from 3 --to 8 --out film.webp
  tgan transition runs/moving-mnist-tiny --grid --steps 6 --path spherical --out grid.png`,
    )
    .action(async (run: string, options) => {
      const { transition } = await import('../commands/transition.js');
      await transition(run, options);
    });
}
