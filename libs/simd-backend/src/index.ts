export { SimdBackend, type SimdMemory } from './backend.js';
export { HeapLimitError } from './heap.js';
export type { SimdOptions } from './options.js';
export { registerSimdBackend } from './register.js';
export type { KernelBuild } from './wasm.js';
