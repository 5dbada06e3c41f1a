import { inNode } from './worker.js';

/**
 * `simd` runs everywhere. `relaxed-simd` has a fused multiply-add. `wide-simd` has the kernels of
 * `relaxed-simd`, but V8 joins neighboring vectors of four floats into vectors of eight. Its
 * results are the same to the bit.
 */
export const builds = ['simd', 'relaxed-simd', 'wide-simd'] as const;

/** One of {@link builds}. */
export type KernelBuild = (typeof builds)[number];

/**
 * `(func (export "") (result i32) ...)`: whether f32x4.relaxed_madd of a * a - (1 + 2^-12), a = 1 +
 * 2^-13, is not 0.
 */
const relaxedProbe = new Uint8Array([
  ...[0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 127, 3, 2, 1, 0, 7, 4, 1, 0, 0, 0],
  ...[10, 37, 1, 35, 0, 67, 0, 4, 128, 63, 253, 19, 67, 0, 4, 128, 63, 253, 19],
  ...[67, 0, 8, 128, 191, 253, 19, 253, 133, 2, 253, 31, 0, 67, 0, 0, 0, 0, 92, 11],
]);

/** Kernels: where the file is, its bytes, or the module. */
export type KernelSource = string | URL | BufferSource | WebAssembly.Module;

/** Whether it is a {@link KernelSource}. */
export const isKernelSource = (value: unknown): value is KernelSource =>
  typeof value === 'string' ||
  [URL, ArrayBuffer, WebAssembly.Module].some((type) => value instanceof type) ||
  ArrayBuffer.isView(value);

/** Compiles the kernels: the given build, or the fastest that this engine takes. */
export async function compileKernels({
  build,
  wasm,
}: {
  readonly build?: KernelBuild;
  readonly wasm?: KernelSource;
}): Promise<{ module: WebAssembly.Module; build: KernelBuild }> {
  const wanted = build ?? (wasm === undefined ? undefined : 'simd');
  if (inNode && wanted !== 'simd') await allowRelaxedSimd();
  const chosen = wanted ?? fastestBuild();
  if (chosen === 'wide-simd') await joinVectors();
  const source =
    wasm ??
    (chosen === 'simd'
      ? new URL('../wasm/simd.wasm', import.meta.url)
      : new URL('../wasm/relaxed-simd.wasm', import.meta.url));
  return { module: await compiled(source), build: chosen };
}

async function compiled(source: KernelSource): Promise<WebAssembly.Module> {
  if (source instanceof WebAssembly.Module) return source;
  if (typeof source !== 'string' && !(source instanceof URL)) return WebAssembly.compile(source);
  return WebAssembly.compile(await readWasm(source));
}

function fastestBuild(): KernelBuild {
  if (!WebAssembly.validate(relaxedProbe)) return 'simd';
  return canJoinVectors() ? 'wide-simd' : 'relaxed-simd';
}

/**
 * Node 20 has relaxed SIMD behind a flag. Later versions need no flag, and would print that they do
 * not know it.
 */
async function allowRelaxedSimd(): Promise<void> {
  if (Number.parseInt(process.versions.node) < 22) {
    await setFlag('--experimental-wasm-relaxed-simd');
  }
}

/**
 * Whether V8 can join vectors. Node 22 has the flag but does not join multiply-adds. A processor
 * that fuses multiply-adds has vectors of eight floats too, and only the former can be seen from
 * here.
 */
function canJoinVectors(): boolean {
  return (
    inNode &&
    process.arch === 'x64' &&
    Number.parseInt(process.versions.v8) >= 13 &&
    multipliesAndAddsAtOnce()
  );
}

function multipliesAndAddsAtOnce(): boolean {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(relaxedProbe));
  return (exports[''] as () => number)() === 1;
}

async function joinVectors(): Promise<void> {
  if (!canJoinVectors()) {
    throw new Error(
      'simd backend: the build wide-simd needs Node 24 or later and an x64 processor with AVX2; leave `build` out to get the fastest that runs here',
    );
  }
  await setFlag('--experimental-wasm-revectorize');
}

async function setFlag(flag: string): Promise<void> {
  const { setFlagsFromString } = process.getBuiltinModule('node:v8');
  setFlagsFromString(flag);
}

async function readWasm(place: string | URL): Promise<BufferSource> {
  if (inNode && !/^(https?|data|blob):/.test(String(place))) {
    const { readFile } = process.getBuiltinModule('node:fs/promises');
    return readFile(place);
  }
  const response = await fetch(place);
  if (!response.ok) throw new Error(`simd backend: ${place} answered ${response.status}`);
  return response.arrayBuffer();
}
