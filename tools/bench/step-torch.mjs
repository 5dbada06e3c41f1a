// The other side of the race: step_torch.py, kept running so that it starts and warms up once.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** Starts PyTorch with this many threads; undefined where there is no Python with torch. */
export async function startTorch(threads) {
  const python = process.env.PYTHON ?? 'python3';
  const script = fileURLToPath(new URL('step_torch.py', import.meta.url));
  const child = spawn(python, [script, String(threads)], { stdio: ['pipe', 'pipe', 'ignore'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  child.stdin.on('error', () => {});
  child.on('error', () => {});
  let way = 'plain';
  const seconds = async (command) => {
    child.stdin.write(`${command}\n`);
    const { value, done } = await lines.next();
    if (done) throw new Error(`step_torch.py ended at: ${command}`);
    const answer = JSON.parse(value);
    way = answer.way ?? way;
    return answer.seconds;
  };
  try {
    await seconds('step 2 1');
  } catch {
    return undefined;
  }
  /** How PyTorch ran the last step: its fastest way. */
  return { seconds, way: () => way, stop: () => child.kill() };
}
