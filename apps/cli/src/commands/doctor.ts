import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { inspectMpi } from '@tgan/data-parallel';
import { conv3dTransposeGradientError } from '@tgan/gan-layers';
import { inspectBackends, selectBackend, type BackendReport } from '@tgan/runs';
import * as tf from '@tensorflow/tfjs';
import { printJson } from '../log.js';

/** Something that tgan can use, and what was found of it. */
interface Finding {
  readonly name: string;
  readonly found: string | undefined;
  /** Its use. */
  readonly use: string;
  /** How to get it. */
  readonly remedy: string;
}

/** Prints what this machine can run, what is missing and how to get it. */
export async function doctor({ json = false }: { json?: boolean }): Promise<void> {
  tf.enableProdMode();
  const backends = await inspectBackends();
  const findings: Finding[] = [
    {
      name: 'Node.js',
      found: `${process.version} on ${process.platform} ${process.arch}`,
      use: 'runs tgan',
      remedy: 'install Node.js 20.19 or later',
    },
    ...(await inSeries(backends, backendFinding)),
    {
      name: 'wide vectors',
      found: backends.some(({ runsOn }) => runsOn?.includes('wide-simd'))
        ? 'simd computes eight floats at a time'
        : undefined,
      use: 'simd computes eight floats at a time, and a training step takes a quarter less time',
      remedy: 'needs Node.js 24 or later on an x64 processor with AVX2',
    },
    {
      name: 'ffmpeg',
      found: await firstLine(process.env['FFMPEG_PATH'] ?? 'ffmpeg', ['-version']),
      use: 'reads and writes video files',
      remedy:
        'apt install ffmpeg, brew install ffmpeg or winget install ffmpeg; or set FFMPEG_PATH to the program',
    },
    await mpiFinding(),
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
  if (json) return void printJson({ findings });
  for (const { name, found, use, remedy } of findings) {
    const line = found ? `yes  ${name}: ${found}` : `no   ${name}: ${use}`;
    process.stdout.write(`${line}\n${found ? '' : `       ${remedy}\n`}`);
  }
}

async function mpiFinding(): Promise<Finding> {
  const { found, problem, remedy } = await inspectMpi();
  return {
    name: 'MPI',
    found: found.length > 0 ? found.join(', ') : undefined,
    use: 'several processes, also on several hosts, train together: mpirun -n 4 tgan train PRESET',
    remedy: problem ? `${problem}; ${remedy}` : remedy,
  };
}

/** A backend, with a check of its gradients: with wrong ones training runs, but learns nothing. */
async function backendFinding({ name, ...backend }: BackendReport): Promise<Finding> {
  const { runsOn, problem, summary, remedy } = backend;
  const finding = { name: `backend ${name}`, use: summary };
  if (!runsOn) return { ...finding, found: undefined, remedy: `${problem}. ${remedy}` };
  await selectBackend(name);
  const error = await conv3dTransposeGradientError();
  if (error < 1e-4) {
    return {
      ...finding,
      found: `${runsOn}, gradients correct to ${error.toExponential(0)}`,
      remedy,
    };
  }
  const wrong = `it runs, but its gradients are wrong by ${error.toExponential(0)}: do not train with it`;
  return { ...finding, found: undefined, remedy: wrong };
}

async function inSeries<In, Out>(all: readonly In[], one: (item: In) => Promise<Out>) {
  const results: Out[] = [];
  for (const item of all) results.push(await one(item));
  return results;
}

/** The first line that a program prints, or undefined if it cannot run. */
async function firstLine(program: string, args: string[]): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)(program, args, { timeout: 10_000 });
    return stdout.split('\n')[0].trim();
  } catch {
    return undefined;
  }
}
