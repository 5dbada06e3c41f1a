import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, extname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { nearest, OptionsError } from '@tgan/core';
import { fileReason } from '@tgan/core/node';
import { UsageError } from '../errors.js';
import { axisNames, type Axes } from './axes.js';
import { isForeign, parseConfig, type RunConfig } from './config.js';
import { loadAxes } from './extensions.js';
import { migrate } from './old-config.js';

const folder = fileURLToPath(new URL('../../presets/', import.meta.url));

type Values = Record<string, unknown>;

/** The presets that come with tgan. */
export function presetNames(): string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => basename(file, '.yaml'))
    .sort();
}

/** The values of a preset, and the axes that it chooses from. */
export interface Preset {
  readonly values: Values;
  readonly axes: Axes;
}

/**
 * Reads a preset and loads the modules that it imports.
 *
 * @param preset - a name of {@link presetNames}, or the path of a YAML file.
 * @param modules - more modules to load, relative to the working directory.
 * @throws UsageError when there is no such preset or it is not YAML; ModuleError when a module
 * cannot be loaded.
 */
export async function readPreset(preset: string, modules: readonly string[] = []): Promise<Preset> {
  const path = isFile(preset) ? preset : `${folder}${preset}.yaml`;
  if (!isFile(preset) && !presetNames().includes(preset)) {
    const meant = nearest(preset, presetNames());
    throw new UsageError(
      `there is no preset "${preset}"${meant ? `, did you mean "${meant}"?` : ''}; choose from: ${presetNames().join(', ')}, or the path of a .yaml file`,
    );
  }
  const { import: own = [], ...read } = await readYaml(path);
  if (!Array.isArray(own)) throw new UsageError(`${path}: import must be a list of paths`);
  const all = [
    ...own.map((module) => resolve(dirname(path), String(module))),
    ...modules.map((module) => resolve(module)),
  ];
  const axes = await loadAxes(all);
  const values = migrate(read, axes) as Values;
  return { values: all.length > 0 ? { ...values, import: all } : values, axes };
}

/**
 * The configuration of a run: a preset, overridden by flags. If a flag chooses another entry of an
 * axis than the preset, the preset's options of its own choice are left out.
 *
 * @param preset - as {@link readPreset}.
 * @param flags - values that replace the preset's; modules of `import` join the preset's.
 * @throws as {@link readPreset}, and OptionsError when a value is wrong.
 */
export async function loadConfig(
  preset: string,
  { import: modules, ...flags }: Values & { readonly import?: readonly string[] },
): Promise<RunConfig> {
  const { values, axes } = await readPreset(preset, modules);
  const switched = axisNames.filter(
    (axis) => axis in flags && flags[axis] !== (values[axis] ?? axes.registries[axis].names[0]),
  );
  const isLeftOut = (key: string) =>
    switched.includes(axes.fields.get(key)?.axis as never) && isForeign(key, flags, axes);
  const kept = Object.entries(values).filter(([key]) => !isLeftOut(key));
  const subject = isFile(preset) ? preset : `preset ${preset}`;
  try {
    return parseConfig({ ...Object.fromEntries(kept), ...flags }, subject, axes);
  } catch (error) {
    if (!(error instanceof OptionsError)) throw error;
    const key = Object.keys(flags).find((flag) => error.message.startsWith(`${subject}: ${flag}`));
    if (key === undefined) throw error;
    const name = key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    const rest = error.message.slice(`${subject}: ${key}`.length);
    throw new OptionsError(`--${name}${rest}`, { cause: error });
  }
}

const isFile = (preset: string) => ['.yaml', '.yml'].includes(extname(preset));

async function readYaml(path: string): Promise<Values> {
  const { parse } = await import('yaml');
  let values: unknown;
  try {
    values = parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new UsageError(`cannot read ${path}: ${fileReason(error)}`, { cause: error });
  }
  if (values === null) return {};
  if (typeof values !== 'object' || Array.isArray(values)) {
    throw new UsageError(`${path} must be a list of "key: value" lines`);
  }
  return values as Values;
}
