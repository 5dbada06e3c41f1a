import type { z } from 'zod';
import { DatasetError } from './error.js';

/**
 * Checks an options object and fills in its defaults.
 *
 * @param what - names the function in the message.
 * @throws DatasetError that lists every wrong field, what came and what is allowed.
 */
export function parseOptions<S extends z.ZodType>(
  what: string,
  schema: S,
  options: z.input<S>,
): z.output<S> {
  const result = schema.safeParse(options, { reportInput: true });
  if (result.success) return result.data;
  const lines = result.error.issues.map(({ path, message, input, code }) => {
    const came = code === 'unrecognized_keys' ? '' : `, got ${JSON.stringify(input)}`;
    return `${path.join('.') || 'options'}: ${message}${came}`;
  });
  throw new DatasetError(`${what}: ${lines.join('; ')}`);
}
