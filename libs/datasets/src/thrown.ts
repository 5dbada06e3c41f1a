import { DatasetError } from './error.js';

/**
 * An error on its way from one thread to another, where a structured clone would lose its class.
 */
export interface Thrown {
  readonly name: string;
  readonly message: string;
  readonly stack?: string;
  /** Of the file system's errors. */
  readonly code?: string;
  readonly cause?: Thrown;
}

const classes: Record<string, new (message: string, options?: ErrorOptions) => Error> = {
  DatasetError,
  RangeError,
  TypeError,
};

/** What has to be sent of an error. */
export function thrown(error: unknown): Thrown {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error) };
  const { name, message, stack, cause } = error;
  const { code } = error as NodeJS.ErrnoException;
  return { name, message, stack, code, ...(cause !== undefined && { cause: thrown(cause) }) };
}

/** The error that was sent, of the same class. */
export function rethrown({ name, message, stack, code, cause }: Thrown): Error {
  const error = new (classes[name] ?? Error)(message, cause && { cause: rethrown(cause) });
  return Object.assign(error, { stack }, code !== undefined && { code });
}
