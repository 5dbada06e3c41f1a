import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { nearest, OptionsError, parseOptions, type OptionsShape } from './options.js';

const schema = z.strictObject({
  batchSize: z.int().min(1).default(32),
  rate: z.number().positive().default(5e-5),
  init: z.enum(['uniform', 'he']).default('he'),
  widths: z.array(z.int().min(1)).min(1).default([64]),
  channels: z.union([z.literal(1), z.literal(3)]).default(3),
  even: z
    .int()
    .default(2)
    .refine((n) => n % 2 === 0, { error: (issue) => `${issue.input} is odd` }),
});
const message = (input: unknown) => {
  try {
    parseOptions(schema, input, 'trainer');
  } catch (error) {
    expect(error).toBeInstanceOf(OptionsError);
    return (error as Error).message;
  }
  return 'accepted';
};

describe('parseOptions', () => {
  it('fills in defaults', () => {
    expect(parseOptions(schema, { rate: 1 }, 'trainer')).toEqual({
      batchSize: 32,
      rate: 1,
      init: 'he',
      widths: [64],
      channels: 3,
      even: 2,
    });
  });

  it.each([
    [{ batchSize: 0 }, 'trainer: batchSize: expected a number >= 1, got 0'],
    [{ batchSize: 1.5 }, 'trainer: batchSize: expected a whole number, got 1.5'],
    [{ batchSize: '8' }, 'trainer: batchSize: expected a number, got "8"'],
    [{ rate: 0 }, 'trainer: rate: expected a number > 0, got 0'],
    [{ init: 'xavier' }, 'trainer: init: expected one of uniform, he, got "xavier"'],
    [{ widths: [] }, 'trainer: widths: expected a length >= 1, got []'],
    [{ widths: [4, 0] }, 'trainer: widths.1: expected a number >= 1, got 0'],
    [{ channels: 2 }, 'trainer: channels: expected 1 or 3, got 2'],
    [{ channels: 'rgb' }, 'trainer: channels: expected 1 or 3, got "rgb"'],
    [{ even: 3 }, 'trainer: even: 3 is odd'],
    [{ batch_size: 2 }, 'trainer: unknown option "batch_size", did you mean "batchSize"?'],
    [
      { color: 2 },
      'trainer: unknown option "color"; the options are: batchSize, rate, init, widths, channels, even',
    ],
    [
      { batchSize: 0, rate: -1 },
      'trainer: batchSize: expected a number >= 1, got 0; rate: expected a number > 0, got -1',
    ],
    [7, 'trainer: expected an object, got 7'],
  ])('says what is wrong with %j', (input, expected) => {
    expect(message(input)).toBe(expected);
  });
});

describe('OptionsShape', () => {
  interface Options {
    readonly count?: number;
    readonly names?: readonly string[];
  }
  const count = z.int().default(1);
  const names = z.array(z.string()).optional();

  it('lets the compiler find fields that an interface and a schema do not share', () => {
    const shapes = [
      { count, names } satisfies OptionsShape<Options>,
      // @ts-expect-error -- names is missing
      { count } satisfies OptionsShape<Options>,
      // @ts-expect-error -- the interface has no more
      { count, names, more: count } satisfies OptionsShape<Options>,
      // @ts-expect-error -- another type
      { count: z.string(), names } satisfies OptionsShape<Options>,
      // @ts-expect-error -- it must be given, says the schema of an option without a default
      { count: z.int(), names } satisfies OptionsShape<{ count: string; names?: string[] }>,
    ];
    expect(shapes).toHaveLength(5);
  });
});

describe('nearest', () => {
  it('finds what was meant, or nothing', () => {
    expect(nearest('batchsize', ['steps', 'batchSize'])).toBe('batchSize');
    expect(nearest('moving-mnist-tinny', ['ucf101', 'moving-mnist-tiny'])).toBe(
      'moving-mnist-tiny',
    );
    expect(nearest('zebra', ['steps', 'batchSize'])).toBeUndefined();
    expect(nearest('zebra', [])).toBeUndefined();
  });
});
