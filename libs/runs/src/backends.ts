import { createRequire } from 'node:module';
import util from 'node:util';
import * as tf from '@tensorflow/tfjs';

/** A backend that tgan can run on, and how to start it. */
export interface Backend {
  /** What `tf.getBackend()` says once it runs. */
  readonly name: string;
  /** A description in one line. */
  readonly summary: string;
  /** How to install it. */
  readonly remedy: string;
  /**
   * Starts it.
   *
   * @param threads - how many threads compute, for a backend that lets one choose.
   * @returns the package, version and device that run it.
   * @throws Error that says why it cannot run here.
   */
  start(threads?: number): Promise<string>;
}

/** Fastest first; `auto` takes the first that starts. */
export const backends: readonly Backend[] = [
  {
    name: 'tensorflow',
    summary: "TensorFlow's native kernels, on the GPU where there is one",
    remedy:
      'npm install @tensorflow/tfjs-node-gpu (NVIDIA GPU with CUDA) or @tensorflow/tfjs-node (CPU); both download libtensorflow',
    async start() {
      const failures: string[] = [];
      for (const name of ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node']) {
        try {
          return await startTensorflow(name);
        } catch (error) {
          failures.push(`${name}: ${(error as Error).message.split('\n')[0]}`);
        }
      }
      throw new Error(failures.join('; '));
    },
  },
  {
    name: 'simd',
    summary: 'threaded WebAssembly SIMD kernels: no native code, trains on any CPU',
    remedy: 'it comes with tgan',
    async start(wanted) {
      const { registerSimdBackend } = await import('@tgan/simd-backend');
      const { threads, build } = await registerSimdBackend({ threads: wanted });
      await activate('simd');
      return `@tgan/simd-backend, ${threads} ${threads === 1 ? 'thread' : 'threads'}, ${build}`;
    },
  },
  {
    name: 'cpu',
    summary: 'plain JavaScript: always there, and slow',
    remedy: 'it is part of @tensorflow/tfjs',
    async start() {
      await activate('cpu');
      return `@tensorflow/tfjs ${tf.version.tfjs}`;
    },
  },
];

/** Loads tfjs-node or tfjs-node-gpu, which register `tensorflow` when they load. */
async function startTensorflow(packageName: string): Promise<string> {
  const require = createRequire(import.meta.url);
  try {
    require.resolve(packageName);
  } catch {
    throw new Error('not installed');
  }
  // tfjs-node 4.22 calls this function, which Node 23 removed (tensorflow/tfjs#8609).
  const legacy = util as { isNullOrUndefined?: (value: unknown) => boolean };
  legacy.isNullOrUndefined ??= (value) => value === null || value === undefined;
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2';
  require(packageName);
  await activate('tensorflow');
  const { version } = require(`${packageName}/package.json`) as { version: string };
  const onGpu = (tf.backend() as unknown as { isUsingGpuDevice?: boolean }).isUsingGpuDevice;
  return `${packageName} ${version} on the ${onGpu ? 'GPU' : 'CPU'}`;
}

async function activate(name: string): Promise<void> {
  if (!(await tf.setBackend(name))) throw new Error(`the backend ${name} did not start`);
  await tf.ready();
}
