import { resolve } from 'node:path';
import { OptionsError, parseOptions, RegistryError } from '@tgan/core';
import * as z from 'zod';
import { UsageError } from '../errors.js';
import { axisNames, builtInAxes, runDefaults, type Axes, type AxisName } from './axes.js';
import { loadAxes } from './extensions.js';
import { migrate } from './old-config.js';
import { freeKeys, runOptions } from './run-options.js';

/**
 * The flat configuration of a run, as in presets, flags and the run folder: the name of an entry
 * for each axis, the options of these entries, and the run's own keys.
 */
export type RunConfig = Readonly<z.output<typeof runOptions>> &
  Readonly<Record<AxisName, string>> &
  Readonly<Record<string, unknown>>;

/** A configuration, and the axes that it chooses from. */
export interface ConfigInAxes {
  readonly config: RunConfig;
  readonly axes: Axes;
}

/**
 * Checks a flat configuration and fills in all defaults. The modules of its key `import` are
 * loaded, and a configuration of an earlier version of tgan is brought up to date.
 *
 * @param values - the keys with their values.
 * @param subject - the source of the values; begins the message of an error.
 * @throws OptionsError that names the field, what came and what is allowed; ModuleError when a
 * module cannot be loaded.
 */
export async function readConfig(values: unknown, subject: string): Promise<ConfigInAxes> {
  const modules = (values as { import?: unknown } | null)?.import ?? [];
  const paths = parseOptions(z.array(z.string()), modules, `${subject}: import`);
  const absolute = paths.map((path) => resolve(path));
  const axes = await loadAxes(absolute);
  const current = migrate(values, axes);
  const given = paths.length > 0 ? { ...(current as object), import: absolute } : current;
  return { config: parseConfig(given, subject, axes), axes };
}

/**
 * Checks a flat configuration whose modules are loaded, and fills in all defaults.
 *
 * @throws OptionsError that names the field, what came and what is allowed.
 */
export function parseConfig(values: unknown, subject: string, axes = builtInAxes): RunConfig {
  const keys = [...axisNames, ...axes.fields.keys()];
  const anyKeys = z.strictObject(
    Object.fromEntries(keys.map((key) => [key, z.unknown().optional()])),
  );
  const given = parseOptions(anyKeys, values, subject);
  const chosen = choices(given, subject, axes);
  const foreign = Object.keys(given).filter((key) => isForeign(key, chosen, axes));
  if (foreign.length > 0) {
    const problems = foreign.map((key) => foreignMessage(key, chosen, axes));
    throw new OptionsError(`${subject}: ${problems.join('; ')}`);
  }
  const parts = axisNames.map((axis) => {
    const { name, options } = axes.registries[axis].get(chosen[axis]);
    const defaults = pick(runDefaults, options.shape);
    return {
      [axis]: name,
      ...parseOptions(options, { ...defaults, ...pick(given, options.shape) }, subject),
    };
  });
  const run = parseOptions(runOptions, pick(given, runOptions.shape), subject);
  return Object.assign({}, ...parts, run) as RunConfig;
}

/** Which entry a configuration names on each axis; the first one where it names none. */
function choices(
  given: Readonly<Record<string, unknown>>,
  subject: string,
  axes: Axes,
): Record<AxisName, string> {
  const chosen = axisNames.map((axis) => {
    const { names } = axes.registries[axis];
    const name = given[axis] ?? names[0];
    try {
      return [axis, axes.registries[axis].get(String(name)).name];
    } catch (error) {
      if (!(error instanceof RegistryError)) throw error;
      throw new OptionsError(`${subject}: ${axis}: ${error.message}`, { cause: error });
    }
  });
  return Object.fromEntries(chosen) as Record<AxisName, string>;
}

/** Whether a key is an option of entries that were not chosen. */
export function isForeign(
  key: string,
  chosen: Readonly<Record<string, unknown>>,
  axes: Axes,
): boolean {
  const { axis, entries = [] } = axes.fields.get(key) ?? {};
  return axis !== undefined && !entries.includes(String(chosen[axis]));
}

function foreignMessage(key: string, chosen: Record<AxisName, string>, axes: Axes): string {
  const { axis, entries } = axes.fields.get(key)!;
  const owners = entries.length === 1 ? `${axis} ${entries[0]}` : `${axis}s ${entries.join(', ')}`;
  return `${key} belongs to the ${owners}, not to ${chosen[axis!]}`;
}

/**
 * Compares a checkpoint's configuration with that of a run that resumes from it.
 *
 * @returns a line for each key that changes and may, `steps: 100 -> 200`.
 * @throws UsageError when another key differs, with a line for each.
 */
export function configChanges(
  before: Readonly<Record<string, unknown>>,
  now: Readonly<Record<string, unknown>>,
  subject: string,
): string[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(now)])];
  const changed = keys.filter((key) => text(before[key]) !== text(now[key]));
  const line = (key: string) => `${key}: ${text(before[key])} -> ${text(now[key])}`;
  const refused = changed.filter((key) => !freeKeys.includes(key));
  if (refused.length > 0) {
    throw new UsageError(
      `${subject} does not fit the checkpoint; put these back, or begin another run with tgan train:\n` +
        refused.map((key) => `  ${line(key)}`).join('\n'),
    );
  }
  return changed.map(line);
}

const text = (value: unknown) => (value === undefined ? 'nothing' : JSON.stringify(value));

/** The values whose keys a schema's shape has. */
function pick(values: Readonly<Record<string, unknown>>, shape: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([key]) => Object.hasOwn(shape, key)));
}
