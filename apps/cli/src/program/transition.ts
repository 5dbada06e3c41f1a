import { type Command, Option } from 'commander';
import { upTo, whole } from './numbers.js';
import { addPictureFlags } from './picture-flags.js';

export function addTransition(program: Command): void {
  const transition = program
    .command('transition')
    .summary('turn one video into another')
    .description(
      'Leads from one video of a generator to another: a film that plays the one, turns it into the other while its time runs back, and plays the other. With --grid, a series of whole videos side by side. The ends are the videos that tgan sample --count 1 makes of the seeds.',
    )
    .argument('<run>', 'the run folder that tgan train left')
    .option('--from <seed>', 'the seed of the video to begin with', whole, 0)
    .option('--to <seed>', 'the seed of the video to end with', whole, 1)
    .addOption(
      new Option('--path <name>', 'how latents go from the one to the other')
        .choices(['linear', 'spherical'])
        .default('linear'),
    )
    .option('--between <number>', 'frames between the two videos of a film', upTo(100_000), 16)
    .option('--grid', 'whole videos side by side')
    .option('--steps <number>', 'videos in a grid, the ends among them', upTo(10_000), 8)
    .option('--label <name>', 'what to make, for a conditional model (default: its first label)');
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
