import type * as z from 'zod';
import { nearest, parseOptions } from './options.js';

/**
 * One choice on an axis, such as the objective `hinge`: its name, its options, and how it is made.
 *
 * An entry lives in one file beside the code that it makes. Flags, help, checks of configurations
 * and tables in the docs derive from it.
 */
export interface Entry<Product, Context = void, Schema extends z.ZodObject = z.ZodObject> {
  /** Its name in configurations and flags, in kebab case. */
  readonly name: string;
  /** What it is, in one line. */
  readonly description: string;
  /** Its options. Each field has a default or is optional, and has a description. */
  readonly options: Schema;
  /** Creates it from checked options. `context` is what the axis provides besides them. */
  create(options: z.output<Schema>, context: Context): Product | Promise<Product>;
}

/** An entry whose options are unknown to the compiler, as registries store them. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- options differ between entries
export type AnyEntry<Product, Context = void> = Entry<Product, Context, any>;

/** No entry has this name, or an entry cannot be added. The message is one line. */
export class RegistryError extends Error {
  override readonly name = 'RegistryError';
}

/** All choices on one axis, such as all objectives, by name. */
export class Registry<Product, Context = void> implements Iterable<AnyEntry<Product, Context>> {
  /** What one of its entries is, such as `objective`. */
  readonly axis: string;
  readonly #entries = new Map<string, AnyEntry<Product, Context>>();

  /** @throws RegistryError as {@link add}. */
  constructor(axis: string, entries: Iterable<AnyEntry<Product, Context>> = []) {
    this.axis = axis;
    for (const entry of entries) this.add(entry);
  }

  /** The names of all entries, in the order in which they were added. */
  get names(): string[] {
    return [...this.#entries.keys()];
  }

  /** All entries, in the order in which they were added. */
  [Symbol.iterator](): IterableIterator<AnyEntry<Product, Context>> {
    return this.#entries.values();
  }

  /** @throws RegistryError when the entry lacks a part, or its name is taken. */
  add(entry: AnyEntry<Product, Context>): void {
    const problem = problemOf(entry);
    if (problem) throw new RegistryError(`a new ${this.axis} ${problem}`);
    if (this.#entries.has(entry.name)) {
      throw new RegistryError(`there is a ${this.axis} "${entry.name}" already`);
    }
    this.#entries.set(entry.name, entry);
  }

  /** @throws RegistryError that lists the names, and guesses which one was meant. */
  get(name: string): AnyEntry<Product, Context> {
    const entry = this.#entries.get(name);
    if (entry) return entry;
    const meant = nearest(name, this.names);
    throw new RegistryError(
      `there is no ${this.axis} "${name}"${meant ? `, did you mean "${meant}"?` : ''}; ` +
        `choose from: ${this.names.join(', ')}`,
    );
  }

  /**
   * Checks the options of an entry and creates it.
   *
   * @throws RegistryError when there is no such entry; OptionsError when an option does not fit.
   */
  async create(name: string, options: unknown, context: Context): Promise<Product> {
    const entry = this.get(name);
    return entry.create(parseOptions(entry.options, options, `${this.axis} ${name}`), context);
  }
}

function problemOf(entry: AnyEntry<unknown, never>): string | undefined {
  const { name, description, options, create } = entry ?? {};
  if (typeof name !== 'string' || !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name)) {
    return `needs a name in kebab case, got ${JSON.stringify(name) ?? 'nothing'}`;
  }
  if (typeof description !== 'string' || !description) return `"${name}" needs a description`;
  if (typeof create !== 'function') return `"${name}" needs a function create(options, context)`;
  if (!options?.shape) return `"${name}" needs options, a z.strictObject({ ... })`;
  const silent = Object.entries<z.ZodType>(options.shape).find(([, field]) => !field.description);
  if (silent) return `"${name}" needs a description of its option ${silent[0]}: use .describe()`;
  return undefined;
}
