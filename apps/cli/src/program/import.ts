import type { Command } from 'commander';

export function addImport(program: Command): void {
  program
    .command('import')
    .summary("make a run from the original code's snapshots or exported weights")
    .description(
      'Makes a run folder from trained weights, for tgan sample and the other commands that read runs.',
    )
    .argument('<files...>', 'three .npz files, one .npz file, or one .safetensors file (see below)')
    .requiredOption('--out <folder>', 'the run folder to create')
    .option('--json', 'print one JSON object on standard output')
    .addHelpText(
      'after',
      `
Files:
  three .npz        snapshots of the original (Chainer) code: the temporal generator, the image
                    generator and the critic, recognized by their names
  one .npz          an archive of all three, such as the snapshot of a whole trainer
  one .safetensors  a file that tgan export wrote

Examples:
  tgan import gen_iter_100000.npz vgen_iter_100000.npz vdis_iter_100000.npz --out runs/original
  tgan import weights.safetensors --out runs/again`,
    )
    .action(async (files: string[], options) => {
      const { importCommand } = await import('../commands/exchange.js');
      await importCommand(files, options);
    });
}
