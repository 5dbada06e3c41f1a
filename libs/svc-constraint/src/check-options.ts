/**
 * Refuses options that nobody reads, such as misspelt ones.
 *
 * @param owner - begins the message.
 * @param given - the options as they came.
 * @throws TypeError that lists the known options.
 */
export function refuseUnknown(owner: string, given: object, known: readonly string[]): void {
  const [unknown] = Object.keys(given).filter((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw new TypeError(
    `${owner}: unknown option "${unknown}"; the options are: ${known.join(', ')}`,
  );
}

/** @throws RangeError when a bound of singular values is not a positive number. */
export function checkBound(owner: string, bound: number): void {
  if (bound > 0 && bound < Infinity) return;
  throw new RangeError(`${owner}: the bound must be a positive number, got ${bound}`);
}
