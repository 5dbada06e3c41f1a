/** Says something on standard error. */
export const log = (text: string) => process.stderr.write(`tgan: ${text}\n`);

/** Prints an object on standard output, for `--json`. */
export const printJson = (value: unknown) => process.stdout.write(`${JSON.stringify(value)}\n`);
