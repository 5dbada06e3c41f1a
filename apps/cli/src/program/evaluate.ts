import type { Command } from 'commander';
import { positive, whole } from './numbers.js';

export function addEvaluate(program: Command): void {
  program
    .command('evaluate')
    .summary('score the clips of a run, or compare runs')
    .description(
      "Generates clips with each run and scores them against real clips. For Moving MNIST, the real clips show MNIST's test digits, which no run trains on. For other data, they come from the file that the run trained on. The table also scores real clips at the same count: no generator can be expected to beat them.",
    )
    .argument('<run...>', 'one run folder, or several to compare')
    .option('--count <number>', 'number of clips of each run, and of real clips', positive, 2048)
    .option('--seed <number>', 'the same seed gives the same clips and scores', whole, 0)
    .option(
      '--extractor <file>',
      'the feature extractor: an ONNX file, a TensorFlow.js model, or a YAML file that describes one (default: the one for Moving MNIST)',
    )
    .option(
      '--replicates <number>',
      'bootstrap replicates for the intervals; 0 is faster and gives no intervals',
      whole,
      30,
    )
    .option('--gam', "for two runs: score each run's clips with the critic of the other")
    .option(
      '--out <folder>',
      'write the report, a model card, and a picture of the nearest training clips',
    )
    .option('--backend <name>', 'auto, or a backend that tgan doctor lists', 'auto')
    .option('--json', 'print one JSON object on standard output')
    .addHelpText(
      'after',
      `
How to read the table:
  FVD, KVD            distance from real clips: lower is better; real clips get about 0
  precision, density  do clips look real?  recall, coverage  is there as much variety?
  legibility          share of digits that can be read       identity  do they stay the same?
  straight or bouncing, pixels per frame                     do they move as real ones do?
  near-duplicates     is one clip made again and again?      novelty   near 0: clips are copies
Compare scores only with the same count, seed, data and extractor; docs/metrics.md says why.

Examples:
  tgan evaluate runs/moving-mnist-tiny --count 500
  tgan evaluate runs/moving-mnist-tiny --out evaluation
  tgan evaluate runs/svc runs/clip-0.01 --gam
  tgan evaluate runs/ucf101 --extractor i3d.yaml --json`,
    )
    .action(async (runs: string[], options) => {
      const { evaluateCommand } = await import('../commands/evaluate.js');
      await evaluateCommand(runs, options);
    });
}
