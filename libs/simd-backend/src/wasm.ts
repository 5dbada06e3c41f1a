import { inNode } from './worker.js';

/** `relaxed-simd` has a fused multiply-add; `simd` runs everywhere. */
export type KernelBuild = 'simd' | 'relaxed-simd';

/** The smallest module that uses a relaxed instruction: `(func (result v128) f32x4.relaxed_madd of constants)`. */
const relaxedProbe = new Uint8Array([
  ...[0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 19, 1, 17, 0],
  ...[65, 0, 253, 17, 65, 0, 253, 17, 65, 0, 253, 17, 253, 133, 2, 11],
]);

/** Compiles the kernels: the given build, or the fastest that this engine takes. */
export async function compileKernels(
  build?: KernelBuild,
): Promise<{ module: WebAssembly.Module; build: KernelBuild }> {
  if (inNode && build !== 'simd') await allowRelaxedSimd();
  const chosen = build ?? (WebAssembly.validate(relaxedProbe) ? 'relaxed-simd' : 'simd');
  const bytes = await readWasm(
    chosen === 'simd'
      ? new URL('../wasm/simd.wasm', import.meta.url)
      : new URL('../wasm/relaxed-simd.wasm', import.meta.url),
  );
  return { module: await WebAssembly.compile(bytes), build: chosen };
}

/** Node 20 has relaxed SIMD behind a flag; later ones have it anyway, and would print that they know no such flag. */
async function allowRelaxedSimd(): Promise<void> {
  if (Number(process.versions.node.split('.')[0]) >= 22) return;
  const { setFlagsFromString } = await import('node:v8');
  setFlagsFromString('--experimental-wasm-relaxed-simd');
}

async function readWasm(url: URL): Promise<BufferSource> {
  if (url.protocol === 'file:' && inNode) {
    const { readFile } = await import('node:fs/promises');
    return readFile(url);
  }
  const response = await fetch(url);
  if (!response.ok) throw new Error(`simd backend: ${url} answered ${response.status}`);
  return response.arrayBuffer();
}
