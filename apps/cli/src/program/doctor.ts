import type { Command } from 'commander';

export function addDoctor(program: Command): void {
  program
    .command('doctor')
    .summary('check what this machine can run and what is missing')
    .description(
      'Checks the backends and their gradients, ffmpeg and the GPU, and says how to install what is missing.',
    )
    .option('--json', 'print one JSON object on standard output')
    .addHelpText('after', '\nExample:\n  tgan doctor')
    .action(async (options) => {
      const { doctor } = await import('../commands/doctor.js');
      await doctor(options);
    });
}
