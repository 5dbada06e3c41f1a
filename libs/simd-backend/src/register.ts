import * as tf from '@tensorflow/tfjs';
import { z } from 'zod';
import { SimdBackend } from './backend.js';
import { Heap } from './heap.js';
import { kernels } from './kernels/index.js';
import { tensorsOf, type KernelCall } from './kernels/kernel.js';
import { HEAP_BASE, MAX_BYTES, MAX_THREADS, PAGE_BYTES } from './layout.js';
import { Pool } from './pool.js';
import { compileKernels } from './wasm.js';
import { inNode } from './worker.js';

const MEGABYTE = 2 ** 20;

/** What {@link registerSimdBackend} takes. */
export const simdOptions = z.strictObject({
  /** Threads that compute, the calling one included. Default: one a core. */
  threads: z.int().min(1).max(MAX_THREADS).optional(),
  /** The most that the shared memory may grow to, in bytes. Default and most: 4 GiB. */
  maxMemory: z
    .int()
    .min(16 * MEGABYTE)
    .max(MAX_BYTES)
    .default(MAX_BYTES),
  /** Which build of the kernels: by default the fastest that the engine takes. */
  build: z.enum(['simd', 'relaxed-simd', 'wide-simd']).optional(),
});

/** Options of {@link registerSimdBackend}; each has a default. */
export type SimdOptions = z.input<typeof simdOptions>;

/**
 * Registers the TensorFlow.js backend `simd`; `await tf.setBackend('simd')` then turns it on.
 *
 * Compiles the kernels, starts the worker threads (Node's, or Web Workers in a cross-origin-isolated page; one thread
 * elsewhere) and registers a kernel for every operation: ours where there is one, tfjs's cpu kernel elsewhere. Calling
 * it again returns the backend that is registered already.
 *
 * @returns the backend: how many threads it has and which build of the kernels runs.
 * @throws ZodError when an option is out of range.
 */
export async function registerSimdBackend(options: SimdOptions = {}): Promise<SimdBackend> {
  const existing = tf.findBackend('simd');
  if (existing) return existing as unknown as SimdBackend;
  const { threads = await cores(), maxMemory, build } = simdOptions.parse(options);
  const { module, build: chosen } = await compileKernels(build);
  const memory = new WebAssembly.Memory({
    initial: Math.ceil(HEAP_BASE / PAGE_BYTES),
    maximum: Math.floor(maxMemory / PAGE_BYTES),
    shared: true,
  });
  const pool = await Pool.start(module, memory, mayShare() ? threads : 1);
  const backend = new SimdBackend(memory, new Heap(memory, maxMemory), pool, chosen);
  if (tf.getKernelsForBackend('simd').length === 0) registerKernels();
  tf.registerBackend('simd', () => backend as unknown as tf.KernelBackend, 3);
  return backend;
}

function registerKernels(): void {
  tf.copyRegisteredKernels('cpu', 'simd');
  for (const { kernelName, run, accepts } of kernels) {
    const cpu = tf.getKernel(kernelName, 'cpu') as tf.KernelConfig | undefined;
    if (cpu) tf.unregisterKernel(kernelName, 'simd');
    tf.registerKernel({
      kernelName,
      backendName: 'simd',
      kernelFunc: (params) => {
        const call = params as unknown as KernelCall;
        return call.backend.named(kernelName, () =>
          accepts(call) ? run(call) : cpu ? cpu.kernelFunc(params) : refuse(kernelName, call),
        );
      },
    });
  }
}

/** For a kernel that has no counterpart on cpu. */
function refuse(kernelName: string, call: KernelCall): never {
  const given = tensorsOf(call).map(({ dtype, shape }) => `${dtype} [${shape.join(', ')}]`);
  throw new Error(
    `simd backend: ${kernelName} takes float32 tensors of matching shapes, not ${given.join(', ')}`,
  );
}

async function cores(): Promise<number> {
  const available = inNode
    ? (await import('node:os')).availableParallelism()
    : navigator.hardwareConcurrency;
  return Math.min(MAX_THREADS, available);
}

/** Whether workers may share memory: always in Node, in a page only when it is cross-origin isolated. */
function mayShare(): boolean {
  return globalThis.crossOriginIsolated ?? true;
}
