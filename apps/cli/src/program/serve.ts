import { InvalidArgumentError, type Command } from 'commander';

export function addServe(program: Command): void {
  program
    .command('serve')
    .summary('watch a run in the browser')
    .description(
      'Shows the curves and the moving samples of a run in the browser, also while it trains, beside the curves of other runs. Only this machine can open the page, and the page changes nothing. Ctrl-C stops the server.',
    )
    .argument('<runs...>', 'the folder of the run, and of others to compare it with')
    .option('--port <number>', 'the port on 127.0.0.1; 0 for any free port', port, 6017)
    .option('--json', 'print one JSON object with the URL on standard output')
    .addHelpText(
      'after',
      `
Examples:
  tgan serve runs/moving-mnist-tiny
  tgan serve runs/moving-mnist --port 0
  tgan serve runs/new runs/before   # the curves of both

For a run on another machine, forward the port and open it here:
  ssh -L 6017:localhost:6017 other tgan serve runs/moving-mnist`,
    )
    .action(async (runs: string[], options) => {
      const { serve } = await import('../commands/serve.js');
      await serve(runs, options);
    });
}

function port(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value <= 65535) return value;
  throw new InvalidArgumentError('It must be a whole number from 0 to 65535.');
}
