import { InvalidArgumentError, type Command } from 'commander';

export function addPlot(program: Command): void {
  program
    .command('plot')
    .summary('draw the curves of one run or several')
    .description(
      'Draws what metrics.jsonl of some runs says: V, the mean scores, and the largest singular values and operator norms of the critic where they were measured. Runs share panels, a color each. A run that is still going is drawn as far as it is. The ending of --out says how: .svg or .png.',
    )
    .argument('<run...>', 'run folders that tgan train left')
    .option('--out <file>', 'the picture to write', 'curves.svg')
    .option(
      '--metric <names>',
      'what to draw, with commas: value, scores, distance, frechetDistance, readable, singularValues, norms, or any name in metrics.jsonl (default: these)',
      list,
    )
    .option(
      '--smooth <number>',
      'how much of a moving average stays at each step, such as 0.99; 0 for none (default: averages over about 1% of the steps)',
      amount,
    )
    .option('--log', 'y axes with equal factors on both sides of 0, for values that differ widely')
    .option('--title <text>', 'what stands above the curves (default: the names of the runs)')
    .option('--json', 'print a JSON object on standard output')
    .addHelpText(
      'after',
      `
Examples:
  tgan plot runs/moving-mnist-tiny
  tgan plot runs/svc runs/clip-0.01 runs/none --metric value --log --out stability.svg
  tgan plot runs/a runs/b --metric value,scores --smooth 0 --out curves.png`,
    )
    .action(async (runs: string[], options) => {
      const { plot } = await import('../commands/plot.js');
      await plot(runs, options);
    });
}

const list = (text: string) => text.split(',').map((name) => name.trim());

function amount(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= 0 && value < 1) return value;
  throw new InvalidArgumentError('It must be at least 0 and less than 1.');
}
