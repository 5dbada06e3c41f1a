import type { Command } from 'commander';

export function addDoctor(program: Command): void {
  program
    .command('doctor')
    .summary('say what this machine offers and what is missing')
    .description('Lists the backends, ffmpeg and the GPU, and how to get what is missing.')
    .option('--json', 'print a JSON object')
    .action(async (options) => {
      const { doctor } = await import('../commands/doctor.js');
      await doctor(options);
    });
}
