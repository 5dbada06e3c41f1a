import { axisNames, freeKeys, type Axes, type AxisName, type ConfigField } from '@tgan/runs/config';
import { Option } from 'commander';
import * as z from 'zod';

/** What an axis decides, as the help says it. */
const purposes: Record<AxisName, string> = {
  dataset: 'the videos to learn from',
  model: 'the networks to train',
  objective: 'the losses of the critic and the generator',
  constraint: 'how the critic is kept Lipschitz',
  optimizer: 'how gradients change the weights',
  schedule: 'how the learning rates change during training',
};

/** A flag for every key of the configuration, grouped by axis. The run's own keys come last. */
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
  const own = fields.filter(({ axis }) => axis === undefined);
  return [...byAxis, ...own.map((field) => optionFlag(field).helpGroup('Run:'))];
}

/** The flags of the keys that may change when a run is resumed. They have no defaults. */
export function resumeFlags(axes: Axes): Option[] {
  const fields = [...axes.fields.values()].filter(({ key }) => freeKeys.includes(key));
  return fields.map((field) => optionFlag({ ...field, default: undefined, entries: [] }));
}

/** `batchSize` is `--batch-size`. */
const kebab = (key: string) => key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** An axis with its entries, one per line. */
function axisHeading(axis: AxisName, axes: Axes): string {
  const entries = axes.entries(axis);
  const width = Math.max(...entries.map(({ name }) => name.length));
  const lines = entries.map(({ name, description }) => `  ${name.padEnd(width)}  ${description}`);
  return `--${axis}, ${purposes[axis]}:\n${lines.join('\n')}\n`;
}

function axisFlag(axis: AxisName, axes: Axes): Option {
  const [first] = axes.entries(axis);
  return new Option(`--${axis} <name>`, `one of the names above (default: ${first.name})`);
}

/** @param count - the number of entries of the field's axis. */
function optionFlag(field: ConfigField, count = 0): Option {
  const { key, schema, description, entries } = field;
  if (key === 'import') return importFlag();
  const shown = Array.isArray(field.default) ? field.default.join(',') : field.default;
  const owners = entries.length < count ? `${entries.join(', ')}: ` : '';
  const note = shown === undefined || shown === '' ? '' : ` (default: ${shown})`;
  const { type, enum: choices } = z.toJSONSchema(schema, { unrepresentable: 'any' });
  return new Option(
    `--${kebab(key)} <${choices ? 'name' : (placeholders[`${type}`] ?? 'text')}>`,
    `${owners}${description}${note}`,
  ).argParser((text) => fromText(type, text));
}

const placeholders: Record<string, string> = {
  integer: 'number',
  number: 'number',
  boolean: 'true|false',
  array: 'list',
};

function importFlag(): Option {
  return new Option(
    '--import <file>',
    'a module that adds models, objectives and so on (see docs/extending.md); may be repeated',
  ).argParser((path, others: string[] = []) => [...others, path]);
}

/** The value of a flag. Text that does not fit the type stays as it is: the schema reports it. */
function fromText(type: unknown, text: string): unknown {
  switch (type) {
    case 'number':
    case 'integer':
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
