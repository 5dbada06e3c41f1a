import { type Command, Option } from 'commander';
import { weightsStep } from './numbers.js';

export function addExport(program: Command): void {
  program
    .command('export')
    .summary("write a run's weights for other programs")
    .description(
      `Writes what a run learned in a form that other programs read:

  layers       a folder with the generator's networks as TensorFlow.js layers models, for browsers, with a note on how to load them
  safetensors  one file with all weights by name, which tgan import takes back
  onnx         one file with the whole generator, for any program that runs ONNX: z0 [batch, latentSize], and a one-hot label for a conditional model, to video [batch, frames, height, width, channels] in (-1, 1)`,
    )
    .argument('<run>', 'the run folder that tgan train left')
    .addOption(
      new Option('--format <name>', 'what to write')
        .choices(['layers', 'safetensors', 'onnx'])
        .makeOptionMandatory(),
    )
    .option('--out <path>', 'the folder or file to write (default: named after the run)')
    .option('--step <which>', 'which weights: last, best, or the step of a checkpoint', weightsStep)
    .option('--json', 'print a JSON object on standard output')
    .addHelpText(
      'after',
      `
Examples:
  tgan export runs/moving-mnist-tiny --format layers --out site/generator
  tgan export runs/moving-mnist-tiny --format safetensors --out tiny.safetensors`,
    )
    .action(async (run: string, options) => {
      const { exportCommand } = await import('../commands/exchange.js');
      await exportCommand(run, options);
    });
}
