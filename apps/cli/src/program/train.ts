import type { Command } from 'commander';
import { configFlags } from '../flags.js';
import { presetNames } from '../presets.js';

type TrainFlags = Record<string, unknown> & { out?: string; json?: boolean };

export function addTrain(program: Command): void {
  const train = program
    .command('train')
    .summary('train a video GAN')
    .description(
      `Trains a Temporal GAN and leaves a run folder with its configuration, metrics.jsonl, curves.svg, sheets of samples and the weights.\n\nPresets: ${presetNames().join(', ')}; or the path of a .yaml file with the options below as keys (batchSize: 8).`,
    )
    .argument('<preset>', 'a preset, or the path of a .yaml file')
    .option('--out <folder>', 'the run folder (default: the first free runs/PRESET)')
    .option('--json', 'end with a JSON object on standard output')
    .addHelpText(
      'after',
      `
Examples:
  tgan train moving-mnist-tiny
  tgan train moving-mnist --batch-size 8 --steps 2000 --out runs/short
  tgan train my-preset.yaml --backend cpu`,
    )
    .action(async (preset: string, { out, json, ...flags }: TrainFlags) => {
      const { train } = await import('../commands/train.js');
      await train(preset, flags, { out, json });
    });
  for (const flag of configFlags()) train.addOption(flag);
}

export function addResume(program: Command): void {
  program
    .command('resume')
    .summary('go on with a run from its last checkpoint')
    .description(
      'Goes on with a run that was stopped or killed, to the very numbers that it would have come to uninterrupted.',
    )
    .argument('<run>', 'the run folder that tgan train left')
    .option('--json', 'end with a JSON object on standard output')
    .action(async (run: string, options) => {
      const { resume } = await import('../commands/train.js');
      await resume(run, options);
    });
}
