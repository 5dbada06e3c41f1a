import type { Command } from 'commander';
import { positive, whole } from './numbers.js';

export function addEvaluate(program: Command): void {
  program
    .command('evaluate')
    .summary('score what a run learned, or compare runs')
    .description(
      "Makes clips with the generator of each run and scores them against real clips. Runs on Moving MNIST are judged by clips of MNIST's test digits, which no run trains on; others by the file that they were trained on. Every score stands beside that of real clips at the same count: no generator can be expected to get beyond it.",
    )
    .argument('<run...>', 'run folders that tgan train left; several are compared')
    .option('--count <number>', 'how many clips of each run, and real ones', positive, 2048)
    .option('--seed <number>', 'the same seed gives the same clips and scores', whole, 0)
    .option(
      '--extractor <file>',
      'what finds features: an ONNX file, a TensorFlow.js model, or a YAML file about one (default: the one that reads Moving MNIST)',
    )
    .option('--replicates <number>', 'for the intervals; 0 for none, which is faster', whole, 30)
    .option('--gam', "for two runs: let each run's critic judge the other's clips")
    .option(
      '--out <folder>',
      'write the report, a model card, and a picture of the nearest training clips',
    )
    .option('--backend <name>', 'what computes: auto, or a name that tgan doctor lists', 'auto')
    .option('--json', 'print a JSON object on standard output')
    .addHelpText(
      'after',
      `
How to read it:
  FVD, KVD            distance from real clips: lower is better, and real clips get about 0
  precision, density  do clips look real?  recall, coverage  is there as much variety?
  legibility          share of digits that can be read       identity  do they stay the same?
  straight or bouncing, pixels per frame                     do they move as real ones do?
  near-duplicates     is one clip made again and again?      novelty   near 0: clips are copies
Scores of other counts, seeds, data or extractors cannot be compared; docs/metrics.md says why.

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
