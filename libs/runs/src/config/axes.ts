import { Registry, RegistryError, type AnyEntry } from '@tgan/core';
import { datasets } from '@tgan/datasets/registries';
import { models } from '@tgan/video-gan/registries';
import type * as z from 'zod';
import { runOptions } from './run-options.js';
import { constraints, objectives, optimizers, schedules } from '@tgan/wgan-trainer/registries';

/** The registries of all axes, by the key of a configuration that names an entry. */
const builtIn = {
  dataset: datasets,
  model: models,
  objective: objectives,
  constraint: constraints,
  optimizer: optimizers,
  schedule: schedules,
};

type Registries = typeof builtIn;

/** The key of a configuration that names an entry of an axis. */
export type AxisName = keyof Registries;

/** What the entries of an axis make, and what they need besides their options. */
type ProductOf<Axis extends AxisName> = Awaited<ReturnType<Registries[Axis]['create']>>;
type ContextOf<Axis extends AxisName> = Parameters<Registries[Axis]['create']>[2];

/** Entries that a module adds, by the plural of their axis. */
export type Extension = {
  readonly [Axis in AxisName as `${Axis}s`]?: readonly AnyEntry<ProductOf<Axis>, ContextOf<Axis>>[];
};

/** All axes, in the order of the help. */
export const axisNames = Object.keys(builtIn) as AxisName[];

/** A key of a configuration. */
export interface ConfigField {
  readonly key: string;
  /** Its schema. Entries of one axis may share a key; this is the schema of the first. */
  readonly schema: z.ZodType;
  readonly description: string;
  /** The value of a key that is not given. */
  readonly default: unknown;
  /** The axis whose entry has it; undefined for the run's own keys. */
  readonly axis?: AxisName;
  /** The entries that have it. */
  readonly entries: readonly string[];
}

/**
 * Defaults of options that differ in a run from those of the entry. Moving MNIST has one channel.
 */
export const runDefaults: Readonly<Record<string, unknown>> = { channels: 1 };

/** The entries of every axis, and their keys in a configuration. */
export class Axes {
  /** What can be chosen on each axis. The first entry is the default. */
  readonly registries: Registries;
  /** Every key of a configuration except the axes, by name. */
  readonly fields: ReadonlyMap<string, ConfigField>;

  /**
   * @param extensions - what modules add to the entries of tgan.
   * @throws RegistryError when an entry lacks a part, or its name or an option's name is taken.
   */
  constructor(extensions: readonly Extension[] = []) {
    this.registries = Object.fromEntries(
      axisNames.map((axis) => {
        const registry = builtIn[axis] as Registry<unknown, unknown>;
        const added = extensions.flatMap(
          (extension) => (extension[`${axis}s`] as never[] | undefined) ?? [],
        );
        const entries = [...registry, ...added];
        return [axis, new Registry(registry.axis, entries)];
      }),
    ) as unknown as Registries;
    this.fields = this.#collectFields();
  }

  /** All entries of an axis, in the order in which they were added. */
  entries(axis: AxisName): AnyEntry<unknown, never>[] {
    return [...(this.registries[axis] as Iterable<AnyEntry<unknown, never>>)];
  }

  /** The options that a configuration has of its entry on an axis. */
  optionsOf(axis: AxisName, config: Readonly<Record<string, unknown>>): Record<string, unknown> {
    const { shape } = this.registries[axis].get(String(config[axis])).options;
    return Object.fromEntries(Object.entries(config).filter(([key]) => Object.hasOwn(shape, key)));
  }

  /**
   * Creates the entry that a checked configuration names on an axis.
   *
   * @param context - what the entry needs besides its options.
   */
  create<Axis extends AxisName>(
    axis: Axis,
    config: Readonly<Record<string, unknown>>,
    ...[context]: ContextOf<Axis> extends void ? [] : [context: ContextOf<Axis>]
  ): Promise<ProductOf<Axis>> {
    const registry = this.registries[axis] as unknown as Registry<ProductOf<Axis>, ContextOf<Axis>>;
    return registry.create(
      String(config[axis]),
      this.optionsOf(axis, config),
      context as ContextOf<Axis>,
    );
  }

  #collectFields(): Map<string, ConfigField> {
    const fields = new Map<string, ConfigField>();
    for (const [key, schema] of Object.entries<z.ZodType>(runOptions.shape)) {
      fields.set(key, fieldOf(key, schema));
    }
    for (const axis of axisNames) {
      for (const { name, options } of this.entries(axis)) {
        for (const [key, schema] of Object.entries<z.ZodType>(options.shape)) {
          const other = fields.get(key);
          if (axisNames.includes(key as AxisName) || (other && other.axis !== axis)) {
            const owner = other?.axis ? `the ${other.axis} ${other.entries[0]}` : 'every run';
            throw new RegistryError(
              `the ${axis} ${name} has an option ${key}, which ${owner} has too: choose another name`,
            );
          }
          const field = other ?? fieldOf(key, schema, axis);
          fields.set(key, { ...field, entries: [...field.entries, name] });
        }
      }
    }
    return fields;
  }
}

/** The axes with the entries of tgan. */
export const builtInAxes = new Axes();

function fieldOf(key: string, schema: z.ZodType, axis?: AxisName): ConfigField {
  const own = axis && Object.hasOwn(runDefaults, key);
  const value = own ? runDefaults[key] : schema.safeParse(undefined).data;
  const description = schema.description ?? '';
  return { key, schema, description, default: value, ...(axis && { axis }), entries: [] };
}
