import { readdirSync, readFileSync } from 'node:fs';
import { basename, extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { nearest } from '@tgan/core';
import { conv3dGanOptions, vganOptions, videoGanOptions } from '@tgan/video-gan/options';
import { parseConfig, type RunConfig } from './config.js';
import { UsageError } from './errors.js';

const folder = fileURLToPath(new URL('../presets/', import.meta.url));

/** The presets that come with tgan. */
export function presetNames(): string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => basename(file, '.yaml'))
    .sort();
}

/**
 * The configuration of a run: a preset's, with flags put over it.
 *
 * @param preset - a name of {@link presetNames}, or the path of a YAML file.
 * @param flags - values that replace the preset's.
 * @throws UsageError when there is no such preset or it is not YAML; OptionsError when a value is wrong.
 */
export async function loadConfig(
  preset: string,
  flags: Record<string, unknown>,
): Promise<RunConfig> {
  const isFile = ['.yaml', '.yml'].includes(extname(preset));
  const path = isFile ? preset : `${folder}${preset}.yaml`;
  if (!isFile && !presetNames().includes(preset)) {
    const meant = nearest(preset, presetNames());
    throw new UsageError(
      `there is no preset "${preset}"${meant ? `, did you mean "${meant}"?` : ''}; there is: ${presetNames().join(', ')}, or the path of a .yaml file`,
    );
  }
  const values = await readYaml(path);
  return parseConfig(
    { ...fitting(values, flags.model), ...flags },
    isFile ? preset : `preset ${preset}`,
  );
}

const shapes: Readonly<Record<string, object>> = {
  tgan: videoGanOptions.shape,
  'tgan-z1': videoGanOptions.shape,
  '3d': conv3dGanOptions.shape,
  vgan: vganOptions.shape,
};

/** A preset's values without those that only other models know than the one that a flag asks for. */
function fitting(values: Record<string, unknown>, model: unknown): Record<string, unknown> {
  const own = shapes[String(model)];
  if (!own) return values;
  const others = Object.values(shapes).filter((shape) => shape !== own);
  const isForeign = (key: string) =>
    !Object.hasOwn(own, key) && others.some((shape) => Object.hasOwn(shape, key));
  return Object.fromEntries(Object.entries(values).filter(([key]) => !isForeign(key)));
}

async function readYaml(path: string): Promise<Record<string, unknown>> {
  const { parse } = await import('yaml');
  let values: unknown;
  try {
    values = parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new UsageError(`cannot read ${path}: ${(error as Error).message.split('\n')[0]}`);
  }
  if (values === null) return {};
  if (typeof values !== 'object' || Array.isArray(values)) {
    throw new UsageError(`${path} must be a list of "key: value" lines`);
  }
  return values as Record<string, unknown>;
}
