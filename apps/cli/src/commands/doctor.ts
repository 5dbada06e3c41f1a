import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { inspectBackends } from '@tgan/runtime';

/** One thing that tgan can use, and whether it is here. */
interface Finding {
  readonly name: string;
  readonly found: string | undefined;
  /** What it is good for. */
  readonly use: string;
  /** How to get it. */
  readonly remedy: string;
}

/** Says what this machine offers to tgan, what is missing and how to get it. */
export async function doctor({ json = false }: { json?: boolean }): Promise<void> {
  const backends = await inspectBackends();
  const findings: Finding[] = [
    {
      name: 'Node.js',
      found: `${process.version} on ${process.platform} ${process.arch}`,
      use: 'runs tgan',
      remedy: 'install Node.js 20.19 or later',
    },
    ...backends.map(({ name, runsOn, problem, summary, remedy }) => ({
      name: `backend ${name}`,
      found: runsOn,
      use: summary,
      remedy: problem ? `${problem}. ${remedy}` : remedy,
    })),
    {
      name: 'ffmpeg',
      found: await firstLine(process.env['FFMPEG_PATH'] ?? 'ffmpeg', ['-version']),
      use: 'reads and writes video files',
      remedy:
        'apt install ffmpeg, brew install ffmpeg or winget install ffmpeg; or set FFMPEG_PATH to the program',
    },
    {
      name: 'NVIDIA GPU',
      found: await firstLine('nvidia-smi', [
        '--query-gpu=name,memory.total',
        '--format=csv,noheader',
      ]),
      use: 'trains many times faster than a CPU',
      remedy: 'needs the NVIDIA driver, CUDA 11 and @tensorflow/tfjs-node-gpu',
    },
  ];
  if (json) {
    process.stdout.write(`${JSON.stringify({ findings })}\n`);
    return;
  }
  for (const { name, found, use, remedy } of findings) {
    const line = found ? `yes  ${name}: ${found}` : `no   ${name}: ${use}`;
    process.stdout.write(`${line}\n${found ? '' : `       ${remedy}\n`}`);
  }
}

/** The first line that a program prints, or undefined when it does not run. */
async function firstLine(program: string, args: string[]): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)(program, args, { timeout: 10_000 });
    return stdout.split('\n')[0].trim();
  } catch {
    return undefined;
  }
}
