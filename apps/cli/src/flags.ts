import { Option } from 'commander';
import type { z } from 'zod';
import { help, runConfig, type RunConfig } from './config.js';

/** `batchSize` is `--batch-size`. */
const kebab = (key: string) => key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** One flag for every key of the run's configuration, so that help and schema cannot drift apart. */
export function configFlags(): Option[] {
  return Object.entries(runConfig.shape).map(([key, schema]) => {
    const { innerType, defaultValue } = schema.def as unknown as {
      innerType: z.core.$ZodType;
      defaultValue: unknown;
    };
    const shown = Array.isArray(defaultValue) ? defaultValue.join(',') : String(defaultValue);
    return new Option(
      `--${kebab(key)} <${placeholder(innerType)}>`,
      `${help[key as keyof RunConfig]} (default: ${shown})`,
    ).argParser((text) => fromText(innerType, text));
  });
}

function placeholder(schema: z.core.$ZodType): string {
  const { type } = schema._zod.def;
  return type === 'array' ? 'list' : type === 'enum' ? 'name' : type;
}

/** What a flag's text means; the schema judges it later, so what is no number is passed on as it is. */
function fromText(schema: z.core.$ZodType, text: string): unknown {
  switch (schema._zod.def.type) {
    case 'number':
      return toNumber(text);
    case 'array':
      return text.split(',').map(toNumber);
    case 'boolean':
      return { true: true, false: false }[text] ?? text;
    default:
      return text;
  }
}

const toNumber = (text: string) =>
  text.trim() === '' ? text : Number.isNaN(Number(text)) ? text : Number(text);
