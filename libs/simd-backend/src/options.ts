import { MAX_BYTES, MAX_THREADS } from './layout.js';
import type { KernelBuild } from './wasm.js';

const MEGABYTE = 2 ** 20;

/** Options of `registerSimdBackend`; each has a default. */
export interface SimdOptions {
  /** Threads that compute, the calling one included. Default: one a core. */
  readonly threads?: number;
  /** The most that the shared memory may grow to, in bytes. Default and most: 4 GiB. */
  readonly maxMemory?: number;
  /** Which build of the kernels. Default: the fastest that the engine takes. */
  readonly build?: KernelBuild;
}

const builds: readonly KernelBuild[] = ['simd', 'relaxed-simd', 'wide-simd'];

/**
 * Checks the options and fills in the default of `maxMemory`. Without a library: three options do
 * not need one, and a page that loads the backend would have to load it.
 *
 * @throws RangeError when an option is out of range, TypeError when one is unknown.
 */
export function checkedOptions(options: SimdOptions): SimdOptions & { readonly maxMemory: number } {
  const { threads, maxMemory = MAX_BYTES, build, ...unknown } = options;
  for (const name of Object.keys(unknown)) {
    throw new TypeError(
      `simd backend: unknown option "${name}"; the options are: threads, maxMemory, build`,
    );
  }
  if (threads !== undefined) check('threads', threads, 1, MAX_THREADS);
  check('maxMemory', maxMemory, 16 * MEGABYTE, MAX_BYTES);
  if (build !== undefined && !builds.includes(build)) {
    throw new RangeError(`simd backend: build: expected one of ${builds.join(', ')}, got ${build}`);
  }
  return { threads, maxMemory, build };
}

function check(name: string, value: number, least: number, most: number): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw new RangeError(
    `simd backend: ${name}: expected a whole number from ${least} to ${most}, got ${value}`,
  );
}
