import { axisNames, type Axes } from './axes.js';
import { isForeign } from './config.js';

/** Keys that had another name up to version 0.1.0. */
const renamed: Readonly<Record<string, string>> = {
  optimiser: 'optimizer',
  init: 'initializer',
  slope: 'leakyReluAlpha',
};

/**
 * Brings the configuration of a run of version 0.1.0 up to date. Others stay as they are.
 *
 * Such a run kept the options of every objective, constraint and so on, also of those that it did
 * not choose. `seesZ0: false` made a `tgan` what is called `tgan-z1` now.
 */
export function migrate(values: unknown, axes: Axes): unknown {
  if (typeof values !== 'object' || values === null) return values;
  if (!Object.keys(renamed).some((key) => Object.hasOwn(values, key))) return values;
  const { seesZ0, ...current } = Object.fromEntries(
    Object.entries(values).map(([key, value]) => [renamed[key] ?? key, value]),
  );
  if (seesZ0 === false && current['model'] === 'tgan') current['model'] = 'tgan-z1';
  const chosen = Object.fromEntries(
    axisNames.map((axis) => [axis, current[axis] ?? axes.registries[axis].names[0]]),
  );
  return Object.fromEntries(
    Object.entries(current).filter(([key]) => !isForeign(key, chosen, axes)),
  );
}

/** Brings what a run of version 0.1.0 says of its data up to date: `labelled` is `labeled` now. */
export function migrateData(provenance: unknown): unknown {
  if (typeof provenance !== 'object' || provenance === null) return provenance;
  const { labelled, ...rest } = provenance as Record<string, unknown>;
  return labelled === undefined ? rest : { ...rest, labeled: labelled };
}
