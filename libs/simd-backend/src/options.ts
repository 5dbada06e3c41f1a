import { MAX_BYTES, MAX_THREADS } from './layout.js';
import { builds, isKernelSource, type KernelBuild, type KernelSource } from './wasm.js';

const MEGABYTE = 2 ** 20;
const LEAST_BYTES = 16 * MEGABYTE;

/** Options of `registerSimdBackend`; each has a default. */
export interface SimdOptions {
  /** Threads that compute, the calling one included. Default: one for each core. */
  readonly threads?: number;
  /** The most that the shared memory may grow to, in bytes. Default and most: 4 GiB. */
  readonly maxMemory?: number;
  /** Which build of the kernels: by default the fastest that the engine takes. */
  readonly build?: KernelBuild;
  /**
   * The kernels themselves: where a copy of `wasm/simd.wasm` or `wasm/relaxed-simd.wasm` lies, its
   * bytes, or the module. For bundlers that do not follow `new URL(file, import.meta.url)`. Then
   * `build` says which file it is; its default is `simd`.
   */
  readonly wasm?: KernelSource;
}

/**
 * Options with the default of `maxMemory`.
 *
 * @throws RangeError that names the option that is unknown or out of range.
 */
export function checkedOptions(options: SimdOptions): SimdOptions & { readonly maxMemory: number } {
  const { threads, maxMemory = MAX_BYTES, build, wasm, ...unknown } = options;
  const [name] = Object.keys(unknown);
  if (name !== undefined) {
    throw new RangeError(
      `simd backend: there is no option ${name}; choose from: threads, maxMemory, build, wasm`,
    );
  }
  if (threads !== undefined) checkWhole('threads', threads, 1, MAX_THREADS);
  checkWhole('maxMemory', maxMemory, LEAST_BYTES, MAX_BYTES);
  if (build !== undefined && !builds.includes(build)) {
    throw new RangeError(
      `simd backend: build: expected one of ${builds.join(', ')}, got ${String(build)}`,
    );
  }
  if (wasm !== undefined && !isKernelSource(wasm)) {
    throw new RangeError(
      'simd backend: wasm: expected a URL, the bytes of a .wasm file or a module',
    );
  }
  return { threads, maxMemory, build, wasm };
}

function checkWhole(name: string, value: number, least: number, most: number): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw new RangeError(
    `simd backend: ${name}: expected a whole number from ${least} to ${most}, got ${String(value)}`,
  );
}
