import { InvalidArgumentError, type Command } from 'commander';

export function addServe(program: Command): void {
  program
    .command('serve')
    .summary('watch a run in the browser')
    .description(
      'Shows a run in the browser: its curves and moving samples, also while it is still going. Only this machine can see the page, and nothing can be changed by it. Ctrl-C ends.',
    )
    .argument('<run>', 'the run folder that tgan train left')
    .option('--port <number>', 'where to listen on 127.0.0.1; 0 for a free port', port, 6017)
    .option('--json', 'print a JSON object with the url on standard output')
    .addHelpText(
      'after',
      `
Examples:
  tgan serve runs/moving-mnist-tiny
  tgan serve runs/moving-mnist --port 0

For a run on another machine, forward the port and open it here:
  ssh -L 6017:localhost:6017 other tgan serve runs/moving-mnist`,
    )
    .action(async (run: string, options) => {
      const { serve } = await import('../commands/serve.js');
      await serve(run, options);
    });
}

function port(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value <= 65535) return value;
  throw new InvalidArgumentError('It must be a whole number from 0 to 65535.');
}
