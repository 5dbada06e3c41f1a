import * as tf from '@tensorflow/tfjs';
import { SimdBackend } from './backend.js';
import { Heap } from './heap.js';
import { kernels } from './kernels/index.js';
import { tensorsOf, type KernelCall, type SimdKernel } from './kernels/kernel.js';
import { heapBase, MAX_THREADS, PAGE_BYTES } from './layout.js';
import { checkedOptions, type SimdOptions } from './options.js';
import { Pool } from './pool.js';
import { compileKernels } from './wasm.js';
import { inNode } from './worker.js';

const MEGABYTE = 2 ** 20;

/** The registration under way, so that a second call waits for it. */
let starting: Promise<SimdBackend> | undefined;

/**
 * Registers the TensorFlow.js backend `simd`; `await tf.setBackend('simd')` then turns it on.
 *
 * Compiles the kernels, starts the worker threads (Node's, or Web Workers in a
 * cross-origin-isolated page; one thread elsewhere) and registers a kernel for every operation:
 * ours where there is one, tfjs's cpu kernel elsewhere. Calling it again, or twice at once, returns
 * the backend of the first call.
 *
 * @returns the backend: how many threads it has and which build of the kernels runs.
 * @throws RangeError when an option is unknown or out of range.
 */
export async function registerSimdBackend(options: SimdOptions = {}): Promise<SimdBackend> {
  const checked = checkedOptions(options);
  const existing = tf.findBackend('simd');
  if (existing) return existing as unknown as SimdBackend;
  starting ??= start(checked).finally(() => (starting = undefined));
  return starting;
}

async function start(options: ReturnType<typeof checkedOptions>): Promise<SimdBackend> {
  const { maxMemory } = options;
  const threads = mayShare() ? (options.threads ?? (await cores())) : 1;
  const base = heapBase(threads);
  if (maxMemory < base + MEGABYTE) {
    throw new RangeError(
      `simd backend: maxMemory of ${maxMemory} bytes leaves no room for tensors beside the working ` +
        `memory of ${threads} threads (${base} bytes); raise it, or use fewer threads`,
    );
  }
  const { module, build: chosen } = await compileKernels(options);
  const memory = new WebAssembly.Memory({
    initial: Math.ceil(base / PAGE_BYTES),
    maximum: Math.floor(maxMemory / PAGE_BYTES),
    shared: true,
  });
  const pool = await Pool.start(module, memory, threads);
  if (tf.getKernelsForBackend('simd').length === 0) registerKernels();
  // tfjs calls this again after `tf.engine().reset()`: the threads are the same, the tensors are
  // gone.
  const create = () =>
    new SimdBackend(memory, new Heap(memory, base, maxMemory), pool, chosen, ended);
  const ended = () => {
    if (tf.findBackendFactory('simd') !== create) pool.stop();
  };
  tf.registerBackend('simd', create as unknown as () => tf.KernelBackend, 3);
  return tf.findBackend('simd') as unknown as SimdBackend;
}

/** Kernels that give values another name or shape, and compute nothing. */
const renaming = new Set(['Identity', 'Reshape', 'ExpandDims']);

function registerKernels(): void {
  const ours = new Map(kernels.map((kernel) => [kernel.kernelName, kernel]));
  const onCpu = new Map(
    tf.getKernelsForBackend('cpu').map((config) => [config.kernelName, config]),
  );
  for (const kernelName of new Set([...onCpu.keys(), ...ours.keys()])) {
    const [own, cpu] = [ours.get(kernelName), onCpu.get(kernelName)];
    tf.registerKernel({
      ...cpu,
      kernelName,
      backendName: 'simd',
      kernelFunc:
        own || !renaming.has(kernelName) ? calling(kernelName, own, cpu) : cpu!.kernelFunc,
    });
  }
}

/** A kernel that is ours where it accepts the call, and tfjs's otherwise. */
function calling(
  kernelName: string,
  own: SimdKernel | undefined,
  cpu: tf.KernelConfig | undefined,
): tf.KernelFunc {
  return (params) => {
    const call = params as unknown as KernelCall;
    const { backend } = call;
    const fallBack = () =>
      cpu ? backend.onCpu(kernelName, () => cpu.kernelFunc(params)) : refuse(kernelName, call);
    if (!own) return fallBack();
    return backend.named(kernelName, () => (own.accepts(call) ? own.run(call) : fallBack()));
  };
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
    ? (await import('./processors.js')).processors()
    : navigator.hardwareConcurrency;
  return Math.min(MAX_THREADS, available);
}

/**
 * Whether workers may share memory: always in Node, in a page only when it is cross-origin
 * isolated.
 */
function mayShare(): boolean {
  return globalThis.crossOriginIsolated ?? true;
}
