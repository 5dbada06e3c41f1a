import { InvalidArgumentError, type Command } from 'commander';
import { positive, whole } from './numbers.js';

export function addDataset(program: Command): void {
  const dataset = program
    .command('dataset')
    .summary('pack videos into one file, inspect it, check it')
    .description(
      'Packs videos into one file that training reads without a decoder. Inspects and checks such files.',
    );

  dataset
    .command('prepare')
    .summary('pack a data set into one file')
    .description(
      'Packs a data set into one file. The file appears only when it is complete. If the command is stopped, run it again: it continues where it stopped.',
    )
    .argument('<kind>', 'folder, ucf101, ucf101-hdf5, golf or moving-mnist (see below)')
    .argument('<path>', 'the folder or the file of the data set')
    .requiredOption('--out <file>', 'the packed file to write')
    .option('--image-size <number>', 'height and width of a frame in pixels', positive, 64)
    .option(
      '--channels <number>',
      '1 for gray, 3 for color (default: as in the data set)',
      channels,
    )
    .option('--min-frames <number>', 'leave out videos with fewer frames than this', positive, 16)
    .option(
      '--max-frames <number>',
      'pack at most this many frames of each video (default: 36000)',
      positive,
    )
    .option('--split <number>', 'ucf101: the number of the split', positive, 1)
    .option('--part <name>', 'ucf101: train, test or all', 'train')
    .option(
      '--list <file>',
      'golf: the file that lists the clips; ucf101-hdf5: the CSV table of the videos',
    )
    .option('--stabilize', 'folder: remove camera shake, so that the background stands still')
    .option('--labeled', 'folder: sub-folders are classes; leave out videos outside them')
    .option('--unlabeled', 'folder: ignore sub-folders; the videos have no classes')
    .option(
      '--background <color>',
      'folder: the color behind transparent pixels (default: #ffffff)',
    )
    .option('--follow-links', 'folder: also follow symbolic links that lead outside it')
    .option('--json', 'print one JSON object on standard output')
    .addHelpText(
      'after',
      `
Kinds:
  folder        a folder of videos or GIFs; if every video is in a sub-folder, the sub-folders
                are classes
  ucf101        the folder of UCF-101: videos and lists of splits
  ucf101-hdf5   the HDF5 file that the original code prepares, with --list
  golf          a folder of film strips, with --list
  moving-mnist  the published test set, mnist_test_seq.npy

Example:
  tgan dataset prepare folder my-videos --out my-videos.tgan
  tgan train moving-mnist --dataset packed --data my-videos.tgan --channels 3`,
    )
    .action(async (kind: string, path: string, options) => {
      const { prepare } = await import('../commands/dataset.js');
      await prepare(kind, path, options);
    });
  dataset
    .command('info')
    .summary('print what a packed file contains')
    .description('Prints the counts, sizes, classes, checksum and origin of a packed file.')
    .argument('<file>', 'a file that tgan dataset prepare wrote')
    .option('--json', 'print one JSON object on standard output')
    .addHelpText('after', '\nExample:\n  tgan dataset info my-videos.tgan')
    .action(async (file: string, options) => {
      const { info } = await import('../commands/dataset.js');
      await info(file, options);
    });
  dataset
    .command('verify')
    .summary('check every byte of a packed file against its checksums')
    .description(
      'Reads the whole file and compares its checksums. The exit code is 1 if one differs.',
    )
    .argument('<file>', 'a file that tgan dataset prepare wrote')
    .addHelpText('after', '\nExample:\n  tgan dataset verify my-videos.tgan')
    .action(async (file: string) => {
      const { verify } = await import('../commands/dataset.js');
      await verify(file);
    });
  dataset
    .command('preview')
    .summary('show some clips of a packed file as a GIF')
    .description('Writes random clips of a packed file, side by side, as one GIF.')
    .argument('<file>', 'a file that tgan dataset prepare wrote')
    .option('--out <file>', 'the GIF to write', 'preview.gif')
    .option('--count <number>', 'number of clips', positive, 16)
    .option('--frames <number>', 'frames per clip', positive, 16)
    .option('--seed <number>', 'seed of the random choice', whole, 0)
    .addHelpText(
      'after',
      '\nExample:\n  tgan dataset preview my-videos.tgan --count 9 --out nine.gif',
    )
    .action(async (file: string, options) => {
      const { preview } = await import('../commands/dataset.js');
      await preview(file, options);
    });
}

function channels(text: string): number {
  if (text !== '1' && text !== '3') throw new InvalidArgumentError('It must be 1 or 3.');
  return Number(text);
}
