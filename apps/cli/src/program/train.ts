import type { Command } from 'commander';
import { whole } from './numbers.js';

type TrainFlags = Record<string, unknown> & { out?: string; json?: boolean };
type ResumeFlags = Record<string, unknown> & { from?: number; json?: boolean };

export async function addTrain(program: Command, args: readonly string[]): Promise<void> {
  const train = program
    .command('train')
    .summary('train a video GAN')
    .argument('<preset>', 'the name of a preset, or the path of a .yaml file')
    .option(
      '--out <folder>',
      'the run folder to create (default: runs/PRESET, numbered if it is taken)',
    )
    .option('--json', 'print one JSON object on standard output at the end')
    .addHelpText(
      'after',
      `
Examples:
  tgan train moving-mnist-tiny
  tgan train moving-mnist --batch-size 8 --steps 2000 --out runs/short
  tgan train my-preset.yaml --backend cpu
  tgan train my-preset.yaml --import ./my-objective.mjs --objective mine`,
    )
    .action(async (preset: string, { out, json, ...flags }: TrainFlags) => {
      const { trainCommand } = await import('../commands/train.js');
      await trainCommand(preset, flags, { out, json });
    });
  if (args[0] !== 'train') return;

  const { configFlags } = await import('../flags.js');
  const { presetNames } = await import('@tgan/runs/config');
  train.description(
    `Trains a video GAN. The run folder gets the configuration, metrics.jsonl, curves.svg, sheets of samples, checkpoints and the weights.\n\nPresets: ${presetNames().join(', ')}. A preset of your own is a .yaml file whose keys are the options below in camel case (batchSize: 8). Flags override it.`,
  );
  for (const flag of configFlags(await axesFor(args))) train.addOption(flag);
}

export async function addResume(program: Command, args: readonly string[]): Promise<void> {
  const resume = program
    .command('resume')
    .summary('continue a run from its last checkpoint')
    .description(
      'Continues a run that was stopped or killed, with the same results as an uninterrupted run. The options below may change, and keep their values if they are not given; config.yaml records the changes. If a checkpoint is damaged, the one before it is used.',
    )
    .argument('<run>', 'the folder of the run')
    .option('--json', 'print one JSON object on standard output at the end')
    .option(
      '--from <step>',
      'the step of the checkpoint to continue from (default: the last)',
      whole,
    )
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
  if (args[0] !== 'resume') return;

  const { resumeFlags } = await import('../flags.js');
  const { builtInAxes } = await import('@tgan/runs/config');
  for (const flag of resumeFlags(builtInAxes)) resume.addOption(flag);
}

/** The axes of a command line, with the modules of `--import` and of its preset. */
async function axesFor(args: readonly string[]) {
  const { readPreset } = await import('@tgan/runs/config');
  const modules = args.flatMap((arg, i) => {
    if (arg === '--import') return args[i + 1] ?? [];
    return arg.startsWith('--import=') ? arg.slice('--import='.length) : [];
  });
  const isPreset = (arg: string, i: number) =>
    /\.ya?ml$/.test(arg) && !args[i - 1].startsWith('--');
  const preset = args.find(isPreset) ?? 'moving-mnist';
  return (await readPreset(preset, modules)).axes;
}
