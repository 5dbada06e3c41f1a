import type { Command } from 'commander';
import { positive, real, upTo, whole } from './numbers.js';
import { addPictureFlags } from './picture-flags.js';

export function addProject(program: Command): void {
  const project = program
    .command('project')
    .summary('find the latent of a given clip, and what the model makes of it')
    .description(
      'Looks for the latent whose video is nearest to a clip, by gradient descent, and shows the clip (left) beside that video (right). With --fit-frames it looks at the first frames alone: what the video shows after them is a prediction.',
    )
    .argument('<run>', 'the run folder that tgan train left')
    .argument('[clip]', 'a video or GIF, of which the first frames are taken; or give --data')
    .option('--data <file>', 'take a clip of a packed file (see tgan dataset prepare)')
    .option('--index <number>', 'which video of the packed file, from 0', whole, 0)
    .option('--fit-frames <number>', 'fit the first frames alone (default: all)', positive)
    .option('--steps <number>', 'steps of gradient descent', positive, 200)
    .option('--learning-rate <number>', 'step size', real, 0.05)
    .option('--starts <number>', 'latents to start from; the best is kept', upTo(10_000), 4)
    .option('--seed <number>', 'of where the search starts', whole, 0)
    .option(
      '--label <name>',
      "what it shows, for a conditional model (default: the packed file's label, or the first)",
    );
  addPictureFlags(project, 'projection.gif')
    .addHelpText(
      'after',
      `
Examples:
  tgan project runs/moving-mnist-tiny clip.mp4
  tgan project runs/mine --data mine.tgan --index 12 --fit-frames 8 --out predicted.webp`,
    )
    .action(async (run: string, clip: string | undefined, options) => {
      const { project } = await import('../commands/project.js');
      await project(run, clip, options);
    });
}
