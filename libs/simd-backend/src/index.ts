export { SimdBackend, type SimdMemory } from './backend.js';
export type { Fallback } from './fallbacks.js';
export { HeapLimitError } from './heap.js';
export type { SimdOptions } from './options.js';
export { registerSimdBackend } from './register.js';
export type { KernelBuild, KernelSource } from './wasm.js';
