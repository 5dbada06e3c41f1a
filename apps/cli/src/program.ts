import { Command, InvalidArgumentError } from 'commander';
import { configFlags } from './flags.js';
import { presetNames } from './presets.js';

/** The command line of tgan. Each action loads its code when it runs, so that help is quick. */
export function createProgram(version: string): Command {
  const program = new Command('tgan')
    .description('Temporal GANs for video: train, sample and inspect them.')
    .version(version)
    .configureHelp({ showGlobalOptions: true })
    .showHelpAfterError('(run it with --help to see what there is)')
    .exitOverride();

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
      const { train } = await import('./commands/train.js');
      await train(preset, flags, { out, json });
    });
  for (const flag of configFlags()) train.addOption(flag);

  program
    .command('resume')
    .summary('go on with a run from its last checkpoint')
    .description(
      'Goes on with a run that was stopped or killed, to the very numbers that it would have come to uninterrupted.',
    )
    .argument('<run>', 'the run folder that tgan train left')
    .option('--json', 'end with a JSON object on standard output')
    .action(async (run: string, options) => {
      const { resume } = await import('./commands/train.js');
      await resume(run, options);
    });

  program
    .command('sample')
    .summary('make videos with a trained generator')
    .description(
      'Makes new videos with the generator of a run. The ending of --out says how: .gif and .webp move, .png is a strip with a video a row.',
    )
    .argument('<run>', 'the run folder that tgan train left')
    .option('--count <number>', 'how many videos', positive, 16)
    .option('--seed <number>', 'the same seed gives the same videos', whole, 0)
    .option('--label <number>', 'what to make, for a conditional model', whole)
    .option('--out <file>', 'the picture to write', 'samples.gif')
    .option(
      '--scale <number>',
      'enlarge each pixel (default: to about 128 pixels a frame)',
      positive,
    )
    .option('--fps <number>', 'frames a second', positive, 10)
    .option('--backend <name>', 'what computes: auto, or a name that tgan doctor lists', 'auto')
    .option('--json', 'print a JSON object on standard output')
    .addHelpText(
      'after',
      '\nExample:\n  tgan sample runs/moving-mnist-tiny --count 9 --out nine.gif',
    )
    .action(async (run: string, options) => {
      const { sample } = await import('./commands/sample.js');
      await sample(run, options);
    });

  addDatasetCommands(program);

  program
    .command('doctor')
    .summary('say what this machine offers and what is missing')
    .description('Lists the backends, ffmpeg and the GPU, and how to get what is missing.')
    .option('--json', 'print a JSON object')
    .action(async (options) => {
      const { doctor } = await import('./commands/doctor.js');
      await doctor(options);
    });
  return program;
}

function addDatasetCommands(program: Command): void {
  const dataset = program
    .command('dataset')
    .summary('pack videos into one file, look into it, check it')
    .description(
      'Packs videos into one file that training reads with no decoder, and inspects it.',
    );

  dataset
    .command('prepare')
    .summary('pack a data set')
    .description(
      'Packs a data set into one file. It appears whole or not at all; a call that was stopped goes on where it was.\n\nKinds: folder (videos or GIFs; sub-folders are classes), ucf101, golf, moving-mnist (mnist_test_seq.npy).',
    )
    .argument('<kind>', 'folder, ucf101, golf or moving-mnist')
    .argument('<path>', 'the folder or file of the data set')
    .requiredOption('--out <file>', 'the packed file to make')
    .option('--image-size <number>', 'height and width of a frame in pixels', positive, 64)
    .option('--split <number>', 'ucf101: which split', positive, 1)
    .option('--part <name>', 'ucf101: train, test or all', 'train')
    .option('--list <file>', 'golf: the file that lists its clips')
    .option('--json', 'print a JSON object on standard output')
    .addHelpText(
      'after',
      '\nExample:\n  tgan dataset prepare folder my-videos --out my-videos.tgan\n  tgan train moving-mnist --dataset packed --data my-videos.tgan --channels 3',
    )
    .action(async (kind: string, path: string, options) => {
      const { prepare } = await import('./commands/dataset.js');
      await prepare(kind, path, options);
    });
  dataset
    .command('info')
    .summary('say what a packed file holds')
    .argument('<file>')
    .option('--json', 'print a JSON object')
    .action(async (file: string, options) => {
      const { info } = await import('./commands/dataset.js');
      await info(file, options);
    });
  dataset
    .command('verify')
    .summary('read a packed file through and compare its checksums')
    .argument('<file>')
    .action(async (file: string) => {
      const { verify } = await import('./commands/dataset.js');
      await verify(file);
    });
  dataset
    .command('preview')
    .summary('show some clips of a packed file as a GIF')
    .argument('<file>')
    .option('--out <file>', 'the GIF to write', 'preview.gif')
    .option('--count <number>', 'how many clips', positive, 16)
    .option('--frames <number>', 'frames of a clip', positive, 16)
    .option('--seed <number>', 'which clips', whole, 0)
    .action(async (file: string, options) => {
      const { preview } = await import('./commands/dataset.js');
      await preview(file, options);
    });
}

type TrainFlags = Record<string, unknown> & { out?: string; json?: boolean };

function whole(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new InvalidArgumentError('It must be a whole number.');
  return value;
}

function positive(text: string): number {
  const value = whole(text);
  if (value < 1) throw new InvalidArgumentError('It must be at least 1.');
  return value;
}
