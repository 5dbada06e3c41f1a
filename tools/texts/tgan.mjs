// The command `tgan` as the texts call it, made quick: flags that are added here make networks,
// batches and runs small. Prints the command of the text, passes the exit code on, and fails where
// `--out` names nothing afterwards.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../../apps/cli/dist/main.js', import.meta.url));
const [command, ...args] = process.argv.slice(2);

const short = '--steps 2 --batch-size 2 --sample-count 2';
const thin =
  '--critic-widths 4,4,4,4 --image-widths 8,4,4,4,4 --temporal-widths 4,4,4,4 --latent-size 4';
const presets = {
  'moving-mnist': `${short} ${thin}`,
  'moving-mnist-clip': `${short} ${thin}`,
  'ucf101-tiny': `${short} ${thin.replace('8,4,4,4,4', '8,4,4,4')}`,
};
const quick = {
  train: ([preset]) => presets[preset] ?? short,
  resume: ([run]) => `--steps ${stepsOf(run) + 1}`,
  evaluate: () => '--count 12 --replicates 2',
  project: () => '--steps 2 --starts 1',
  serve: () => '--port 0 --json',
};

/** How many steps a run was to make. */
function stepsOf(run) {
  const [, steps] = /^steps: (\d+)$/m.exec(readFileSync(join(run, 'config.yaml'), 'utf8'));
  return Number(steps);
}

function flags() {
  if (args.includes('--help')) return [];
  return quick[command]?.(args).split(' ') ?? [];
}

/** The longest that a command may take, in milliseconds: many times what it takes. */
const PATIENCE = 180_000;

function start(stdout) {
  console.log('+ tgan', command, ...args);
  return spawn(process.execPath, [main, command, ...args, ...flags()], {
    stdio: ['ignore', stdout, 'inherit'],
    timeout: PATIENCE,
    killSignal: 'SIGKILL',
  });
}

async function run() {
  const [code, signal] = await once(start('inherit'), 'close');
  if (code !== 0) console.error(`tgan ${command} ended with ${signal ?? `exit code ${code}`}`);
  const out = args[args.indexOf('--out') + 1];
  if (code === 0 && args.includes('--out') && !existsSync(out)) {
    console.error(`there is no ${out}`);
    return 1;
  }
  // None where it was killed, and a process without one ends with 0.
  return code ?? 1;
}

/** Waits until the page is there, and then does what Ctrl-C does. */
async function serve() {
  const server = start('pipe');
  const closed = once(server, 'close');
  const [line] = await Promise.race([once(server.stdout, 'data'), closed]);
  if (server.exitCode !== null) return server.exitCode;
  const { ok } = await fetch(JSON.parse(String(line)).url);
  server.kill('SIGINT');
  const [code] = await closed;
  return ok && code === 130 ? 0 : 1;
}

process.exitCode = await (command === 'serve' ? serve() : run());
