import type { Command } from 'commander';
import { freeKeys, presetNames, type ConfigKey } from '@tgan/runs/config';
import { configFlags } from '../flags.js';
import { whole } from './numbers.js';

type TrainFlags = Record<string, unknown> & { out?: string; json?: boolean };
type ResumeFlags = Record<string, unknown> & { from?: number; json?: boolean };

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
      const { trainCommand } = await import('../commands/train.js');
      await trainCommand(preset, flags, { out, json });
    });
  for (const flag of configFlags()) train.addOption(flag);
}

export function addResume(program: Command): void {
  const resume = program
    .command('resume')
    .summary('go on with a run from its last checkpoint')
    .description(
      'Goes on with a run that was stopped or killed, to the very numbers that it would have come to uninterrupted. The options below may change on the way; config.yaml keeps them. A checkpoint that is damaged is passed over for the one before it.',
    )
    .argument('<run>', 'the run folder that tgan train left')
    .option('--json', 'end with a JSON object on standard output')
    .option('--from <step>', 'an earlier checkpoint than the last', whole)
    .addHelpText(
      'after',
      `
Examples:
  tgan resume runs/moving-mnist-tiny
  tgan resume runs/moving-mnist-tiny --steps 5000
  tgan resume runs/mine --from 1500 --learning-rate 2e-5`,
    )
    .action(async (run: string, { from, json, ...flags }: ResumeFlags) => {
      const { resumeCommand } = await import('../commands/train.js');
      await resumeCommand(run, flags, { from, json });
    });
  for (const flag of configFlags()) {
    if (!freeKeys.includes(flag.attributeName() as ConfigKey)) continue;
    // The default is what the run had.
    flag.description = flag.description.replace(/ \(default: .*\)$/, '');
    resume.addOption(flag);
  }
}
