import { axisNames, freeKeys, type Axes, type AxisName, type ConfigField } from '@tgan/runs/config';
import { Option } from 'commander';
import type { z } from 'zod';

/** What an axis is about, as the help says it. */
const purposes: Record<AxisName, string> = {
  dataset: 'what to learn from',
  model: 'what to train',
  objective: 'what critic and generator minimize',
  constraint: 'what keeps the critic Lipschitz',
  optimizer: 'how weights follow their gradients',
  schedule: 'how the learning rates change',
};

/** One flag for every key of the configuration, in groups: one for each axis, one for the run. */
export function configFlags(axes: Axes): Option[] {
  const fields = [...axes.fields.values()];
  const byAxis = axisNames.flatMap((axis) => {
    const heading = axisHeading(axis, axes);
    const own = fields.filter((field) => field.axis === axis);
    const count = axes.entries(axis).length;
    return [axisFlag(axis, axes), ...own.map((field) => optionFlag(field, count))].map((flag) =>
      flag.helpGroup(heading),
    );
  });
  const own = fields.filter(({ axis, key }) => axis === undefined && key !== 'import');
  return [
    ...byAxis,
    ...[...own.map((field) => optionFlag(field)), importFlag()].map((f) => f.helpGroup('Run:')),
  ];
}

/** The flags of what may change when a run goes on. What they do not say stays as it was. */
export function resumeFlags(axes: Axes): Option[] {
  const fields = [...axes.fields.values()].filter(({ key }) => freeKeys.includes(key));
  return fields.map(({ default: _default, entries: _entries, ...field }) =>
    field.key === 'import'
      ? importFlag()
      : optionFlag({ ...field, default: undefined, entries: [] }),
  );
}

/** `batchSize` is `--batch-size`. */
const kebab = (key: string) => key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** An axis with its entries, a line each. */
function axisHeading(axis: AxisName, axes: Axes): string {
  const entries = axes.entries(axis);
  const width = Math.max(...entries.map(({ name }) => name.length));
  const lines = entries.map(({ name, description }) => `  ${name.padEnd(width)}  ${description}`);
  return `--${axis}, ${purposes[axis]}:\n${lines.join('\n')}\n`;
}

function axisFlag(axis: AxisName, axes: Axes): Option {
  const [first] = axes.entries(axis);
  return new Option(`--${axis} <name>`, `one of these (default: ${first.name})`);
}

/**
 * @param count - how many entries the field's axis has; says whether all of them have the field.
 */
function optionFlag(
  { key, schema, description, entries, ...field }: ConfigField,
  count = 0,
): Option {
  const inner = innermost(schema);
  const shown = Array.isArray(field.default) ? field.default.join(',') : field.default;
  const owners = entries.length < count ? `${entries.join(', ')}: ` : '';
  const note = shown === undefined || shown === '' ? '' : ` (default: ${shown})`;
  return new Option(
    `--${kebab(key)} <${placeholder(inner)}>`,
    `${owners}${description}${note}`,
  ).argParser((text) => fromText(inner, text));
}

function importFlag(): Option {
  return new Option(
    '--import <file>',
    'a module that adds entries to the axes, see docs/extending.md; may be repeated',
  ).argParser((path, others: string[] = []) => [...others, path]);
}

/** A schema without its default, and without that it may be missing. */
function innermost(schema: z.core.$ZodType): z.core.$ZodType {
  const { innerType } = schema._zod.def as unknown as { innerType?: z.core.$ZodType };
  return innerType ? innermost(innerType) : schema;
}

function placeholder(schema: z.core.$ZodType): string {
  const { type } = schema._zod.def;
  return type === 'array' ? 'list' : ['enum', 'string'].includes(type) ? 'name' : type;
}

/**
 * What a flag's text means. The schema judges it later, so what is no number is passed on as it is.
 */
function fromText(schema: z.core.$ZodType, text: string): unknown {
  switch (schema._zod.def.type) {
    case 'number':
    case 'int':
      return toNumber(text);
    case 'array':
      return text.split(',').map(toNumber);
    case 'boolean':
      return { true: true, false: false }[text] ?? text;
    default:
      return text;
  }
}

function toNumber(text: string): number | string {
  const value = Number(text);
  return text.trim() === '' || Number.isNaN(value) ? text : value;
}
