import { distance } from 'fastest-levenshtein';
import type * as z from 'zod';

/** An options object that does not fit its schema. The message is one line for the user. */
export class OptionsError extends Error {
  override readonly name = 'OptionsError';
}

/**
 * The fields of a schema for options that an interface documents. Editors show the comments of an
 * interface, but not those of a type that is inferred from a schema.
 *
 * Use it with `satisfies`. The compiler then finds a field that only one of both has, and one whose
 * type differs.
 *
 * @example
 * ```ts
 * interface GreetingOptions {
 *   // How often. Default 1.
 *   readonly times?: number;
 * }
 * const schema = z.strictObject({
 *   times: z.int().min(1).default(1),
 * } satisfies OptionsShape<GreetingOptions>);
 * ```
 */
export type OptionsShape<Options> = {
  readonly [Name in keyof Options]-?: z.ZodType<unknown, Options[Name]>;
};

/**
 * Checks an options object against its schema and fills in the defaults.
 *
 * @param schema - what is allowed.
 * @param input - what came.
 * @param subject - the owner of the options; begins the message.
 * @throws OptionsError that names each bad field, what came and what is allowed:
 * `critic: frames: expected a whole number >= 1, got "ten"`.
 */
export function parseOptions<Schema extends z.ZodType>(
  schema: Schema,
  input: unknown,
  subject: string,
): z.output<Schema> {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const known = 'shape' in schema.def ? Object.keys(schema.def.shape as object) : [];
  const problems = result.error.issues.map((issue) => describe(issue, input, known));
  throw new OptionsError(`${subject}: ${problems.join('; ')}`);
}

/**
 * The candidate that a mistyped word most likely means, or undefined if none is close.
 *
 * @example
 * ```ts
 * nearest('batchsize', ['batchSize', 'steps']); // 'batchSize'
 * ```
 */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  const plain = (text: string) => text.toLowerCase().replaceAll(/[-_\s]/g, '');
  const ranked = [...candidates]
    .map((candidate) => ({ candidate, edits: distance(plain(word), plain(candidate)) }))
    .sort((a, b) => a.edits - b.edits);
  const best = ranked[0];
  return best && best.edits <= Math.max(2, word.length / 3) ? best.candidate : undefined;
}

function describe(issue: z.core.$ZodIssue, input: unknown, known: readonly string[]): string {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => unknownKey(key, known)).join('; ');
  }
  const field = issue.path.map(String).join('.');
  // The message of a refinement is a whole sentence with the value.
  if (issue.code === 'custom') return field ? `${field}: ${issue.message}` : issue.message;
  const got = issue.path.reduce<unknown>(
    (value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key],
    input,
  );
  const shown = got === undefined ? 'nothing' : JSON.stringify(got);
  return `${field ? `${field}: ` : ''}expected ${expectation(issue)}, got ${shown}`;
}

function unknownKey(key: string, known: readonly string[]): string {
  const meant = nearest(key, known);
  return `unknown option "${key}"${meant ? `, did you mean "${meant}"?` : `; the options are: ${known.join(', ')}`}`;
}

function expectation(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return (
        { int: 'a whole number', object: 'an object', array: 'a list' }[issue.expected as string] ??
        `a ${issue.expected}`
      );
    case 'too_small':
      return sized(issue.origin, issue.inclusive ? '>=' : '>', issue.minimum);
    case 'too_big':
      return sized(issue.origin, issue.inclusive ? '<=' : '<', issue.maximum);
    case 'invalid_value':
      return issue.values.length === 1
        ? JSON.stringify(issue.values[0])
        : `one of ${issue.values.map(String).join(', ')}`;
    case 'invalid_union': {
      const allowed = issue.errors.flat().map((each) => expectation(each));
      return [...new Set(allowed)].join(' or ');
    }
    case 'not_multiple_of':
      return `a multiple of ${issue.divisor}`;
    default:
      return issue.message;
  }
}

function sized(origin: string, relation: string, bound: number | bigint): string {
  return origin === 'array' || origin === 'string'
    ? `a length ${relation} ${bound}`
    : `a number ${relation} ${bound}`;
}
