import type { Command } from 'commander';

export function addImport(program: Command): void {
  program
    .command('import')
    .summary("make a run of the original code's snapshots, or of exported weights")
    .description(
      "Makes a run folder that tgan sample and the others take. Three .npz files are snapshots of the original (Chainer) code's temporal generator, image generator and critic, told apart by their names; one .npz is an archive of all three, such as its snapshot of a whole trainer; a .safetensors is what tgan export made.",
    )
    .argument('<files...>', 'gen_iter_N.npz vgen_iter_N.npz vdis_iter_N.npz, or one file')
    .requiredOption('--out <folder>', 'the run folder to make')
    .option('--json', 'print a JSON object on standard output')
    .addHelpText(
      'after',
      `
Examples:
  tgan import gen_iter_100000.npz vgen_iter_100000.npz vdis_iter_100000.npz --out runs/original
  tgan import weights.safetensors --out runs/again`,
    )
    .action(async (files: string[], options) => {
      const { importCommand } = await import('../commands/exchange.js');
      await importCommand(files, options);
    });
}
