export { SimdBackend, type SimdMemory } from './backend.js';
export type { Fallback } from './fallbacks.js';
export { HeapLimitError } from './heap.js';
export { registerSimdBackend, simdOptions, type SimdOptions } from './register.js';
export type { KernelBuild } from './wasm.js';
