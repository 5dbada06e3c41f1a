import type { SimdBackend } from './backend.js';
import type { Pointer } from './kernel-bindings.js';

/**
 * Lends `use` the address of structures that a kernel reads, one after the other in the shared
 * memory.
 *
 * @param fields - the structure's fields in order, as src/kernel-bindings.ts has them.
 */
export function withStructures<Field extends string>(
  backend: SimdBackend,
  fields: readonly Field[],
  structures: readonly Record<Field, number>[],
  use: (address: Pointer<Record<Field, number>>) => void,
): void {
  const words = structures.flatMap((structure) => fields.map((field) => structure[field]));
  backend.scratch([words.length * 4], (address) => {
    backend.words(address, words.length).set(words);
    use(address as Pointer<Record<Field, number>>);
  });
}
