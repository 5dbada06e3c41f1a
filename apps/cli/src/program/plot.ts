import { InvalidArgumentError, type Command } from 'commander';

export function addPlot(program: Command): void {
  program
    .command('plot')
    .summary('draw the curves of one or more runs')
    .description(
      'Draws the metrics of runs (metrics.jsonl): V, the mean scores and, where they were measured, distances and the largest singular values and operator norms of the critic. Several runs share the panels, with one color per run. A run that is still training is drawn up to its current step.',
    )
    .argument('<run...>', 'the folders of the runs')
    .option('--out <file>', 'the picture to write, .svg or .png', 'curves.svg')
    .option(
      '--metric <names>',
      'the metrics to draw, separated by commas: value, scores, distance, frechetDistance, readable, singularValues, norms, or any name in metrics.jsonl (default: those named here that the runs have)',
      list,
    )
    .option(
      '--smooth <number>',
      'decay of an exponential moving average, such as 0.99; 0 for none (default: averages over about 1% of the steps)',
      amount,
    )
    .option('--log', 'logarithmic y axes on both sides of 0, for values that differ widely')
    .option('--title <text>', 'the title (default: the names of the runs)')
    .option('--json', 'print one JSON object on standard output')
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
