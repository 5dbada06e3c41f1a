import { InvalidArgumentError } from 'commander';

/** Parses a whole number. */
export function whole(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new InvalidArgumentError('It must be a whole number.');
  return value;
}

/** Parses a whole number of at least 1. */
export function positive(text: string): number {
  const value = whole(text);
  if (value < 1) throw new InvalidArgumentError('It must be at least 1.');
  return value;
}

/** Parses a whole number from 1 to a bound: a mistyped number must not ask for all memory. */
export const upTo = (most: number) => (text: string) => {
  const value = positive(text);
  if (value > most) throw new InvalidArgumentError(`It must be at most ${most}.`);
  return value;
};

/** Parses the choice of weights: `last`, `best` or the step of a checkpoint. */
export function weightsStep(text: string): 'last' | 'best' | number {
  if (text === 'last' || text === 'best') return text;
  const value = text.trim() === '' ? NaN : Number(text);
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new InvalidArgumentError('It must be last, best or the step of a checkpoint.');
}

/** Parses a number. */
export function real(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) {
    throw new InvalidArgumentError('It must be a number.');
  }
  return value;
}

/** Parses a number from 0 to 1. */
export function fraction(text: string): number {
  const value = real(text);
  if (value < 0 || value > 1) throw new InvalidArgumentError('It must be from 0 to 1.');
  return value;
}
