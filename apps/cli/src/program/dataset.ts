import { InvalidArgumentError, type Command } from 'commander';
import { positive, whole } from './numbers.js';

export function addDataset(program: Command): void {
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
      'Packs a data set into one file. It appears whole or not at all; a call that was stopped goes on where it was.\n\nKinds: folder (videos or GIFs; sub-folders are classes where all videos are in one), ucf101, ucf101-hdf5 (the file that the original code prepares), golf, moving-mnist (mnist_test_seq.npy).',
    )
    .argument('<kind>', 'folder, ucf101, ucf101-hdf5, golf or moving-mnist')
    .argument('<path>', 'the folder or file of the data set')
    .requiredOption('--out <file>', 'the packed file to make')
    .option('--image-size <number>', 'height and width of a frame in pixels', positive, 64)
    .option(
      '--channels <number>',
      '1 packs in gray, 3 in color; as the data set is unless told',
      channels,
    )
    .option('--min-frames <number>', 'leave out videos with fewer frames', positive, 16)
    .option('--max-frames <number>', 'frames that are packed of a video (36000)', positive)
    .option('--split <number>', 'ucf101: which split', positive, 1)
    .option('--part <name>', 'ucf101: train, test or all', 'train')
    .option(
      '--list <file>',
      'golf: the file that lists its clips; ucf101-hdf5: the CSV of its videos',
    )
    .option('--stabilize', 'folder: hold the background still where the camera shook')
    .option('--labeled', 'folder: sub-folders are classes; leave out videos that are in none')
    .option('--unlabeled', 'folder: sub-folders are no classes')
    .option('--background <color>', 'folder: what shows through transparent pixels (#ffffff)')
    .option('--follow-links', 'folder: also follow links that lead out of it')
    .option('--json', 'print a JSON object on standard output')
    .addHelpText(
      'after',
      '\nExample:\n  tgan dataset prepare folder my-videos --out my-videos.tgan\n  tgan train moving-mnist --dataset packed --data my-videos.tgan --channels 3',
    )
    .action(async (kind: string, path: string, options) => {
      const { prepare } = await import('../commands/dataset.js');
      await prepare(kind, path, options);
    });
  dataset
    .command('info')
    .summary('say what a packed file holds')
    .argument('<file>')
    .option('--json', 'print a JSON object')
    .action(async (file: string, options) => {
      const { info } = await import('../commands/dataset.js');
      await info(file, options);
    });
  dataset
    .command('verify')
    .summary('read a packed file through and compare its checksums')
    .argument('<file>')
    .action(async (file: string) => {
      const { verify } = await import('../commands/dataset.js');
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
      const { preview } = await import('../commands/dataset.js');
      await preview(file, options);
    });
}

function channels(text: string): number {
  if (text !== '1' && text !== '3') throw new InvalidArgumentError('It must be 1 or 3.');
  return Number(text);
}
