import type { Command } from 'commander';
import { positive, real, upTo, whole } from './numbers.js';
import { addPictureFlags } from './picture-flags.js';

export function addProject(program: Command): void {
  const project = program
    .command('project')
    .summary('find the latent whose video is nearest to a clip')
    .description(
      'Searches by gradient descent for the latent whose video is nearest to a clip. Shows the clip (left) beside that video (right). With --fit-frames only the first frames count, so that the rest of the video is a prediction.',
    )
    .argument('<run>', 'the folder of the run')
    .argument('[clip]', 'a video or GIF, whose first frames are used; or give --data')
    .option('--data <file>', 'take the clip from a packed file (see tgan dataset prepare)')
    .option('--index <number>', 'the number of the video in the packed file, from 0', whole, 0)
    .option(
      '--fit-frames <number>',
      'fit only this many frames, from the first (default: all)',
      positive,
    )
    .option('--steps <number>', 'steps of gradient descent', positive, 200)
    .option('--learning-rate <number>', 'step size', real, 0.05)
    .option(
      '--starts <number>',
      'number of random starts; the best result is kept',
      upTo(10_000),
      4,
    )
    .option('--seed <number>', 'seed of the starts', whole, 0)
    .option(
      '--label <name>',
      "the label, for a conditional model (default: the packed file's label, or the first)",
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
