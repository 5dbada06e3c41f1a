import type { LibraryHandle } from 'koffi';

/** A handle of MPI: a number or a pointer. */
export type Handle = number | bigint;

/** How an implementation of MPI represents what its header declares. */
export interface Abi {
  /** The C type of every handle. */
  readonly handle: 'int' | 'int64_t';
  readonly world: Handle;
  readonly byte: Handle;
  readonly float: Handle;
  readonly double: Handle;
  readonly sum: Handle;
  /** The level of a process in which one thread calls MPI. */
  readonly funneled: number;
}

/** Whether a library exports a symbol. */
export function hasSymbol(library: LibraryHandle, name: string): boolean {
  try {
    library.symbol(name);
    return true;
  } catch {
    return false;
  }
}
