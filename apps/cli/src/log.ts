/** Says something on standard error. */
export const log = (text: string) => process.stderr.write(`tgan: ${text}\n`);
