import type { ExportFormat } from '@tgan/runs';
import { type Command, Option } from 'commander';
import { weightsStep } from './numbers.js';

export function addExport(program: Command): void {
  program
    .command('export')
    .summary("write a run's weights for other programs")
    .description('Writes the trained weights of a run in a format that other programs read.')
    .argument('<run>', 'the folder of the run')
    .addOption(
      new Option('--format <name>', 'the format (see below)')
        .choices(['layers', 'safetensors', 'onnx'] satisfies ExportFormat[])
        .makeOptionMandatory(),
    )
    .option('--out <path>', 'the folder or file to write (default: named after the run)')
    .option(
      '--step <which>',
      'the weights to use: last, best, or the step of a checkpoint (default: last)',
      weightsStep,
    )
    .option('--json', 'print one JSON object on standard output')
    .addHelpText(
      'after',
      `
Formats:
  layers       a folder with the generator's networks as TensorFlow.js layers models, for
               browsers, with a note on how to load them
  safetensors  one file with all weights by name; tgan import reads it
  onnx         one file with the whole generator. Inputs: z0 [batch, latentSize], and a one-hot
               label for a conditional model. Output: video [batch, frames, height, width,
               channels] in (-1, 1)

Examples:
  tgan export runs/moving-mnist-tiny --format layers --out site/generator
  tgan export runs/moving-mnist-tiny --format safetensors --out tiny.safetensors`,
    )
    .action(async (run: string, options) => {
      const { exportCommand } = await import('../commands/exchange.js');
      await exportCommand(run, options);
    });
}
