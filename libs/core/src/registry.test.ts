import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { OptionsError } from './options.js';
import { Registry, RegistryError, type AnyEntry } from './registry.js';

const scale: AnyEntry<(x: number) => number> = {
  name: 'scale',
  description: 'multiplies by a factor',
  options: z.strictObject({ factor: z.number().default(2).describe('what to multiply by') }),
  create:
    ({ factor }) =>
    (x) =>
      factor * x,
};

describe('Registry', () => {
  it('makes what a name stands for, with defaults filled in', async () => {
    const functions = new Registry('function', [scale]);
    expect((await functions.create('scale', {}))(3)).toBe(6);
    expect((await functions.create('scale', { factor: 5 }))(3)).toBe(15);
    expect(functions.names).toEqual(['scale']);
    expect([...functions]).toEqual([scale]);
  });

  it('says what there is when a name is unknown', () => {
    const functions = new Registry('function', [scale]);
    expect(() => functions.get('scal')).toThrow(
      new RegistryError('there is no function "scal", did you mean "scale"?; choose from: scale'),
    );
  });

  it('checks options', async () => {
    const functions = new Registry('function', [scale]);
    await expect(functions.create('scale', { factor: 'two' })).rejects.toThrow(
      new OptionsError('function scale: factor: expected a number, got "two"'),
    );
  });

  it.each([
    [undefined, 'needs a name in kebab case, got nothing'],
    [{ ...scale, name: 'My Scale' }, 'needs a name in kebab case, got "My Scale"'],
    [{ ...scale, description: '' }, '"scale" needs a description'],
    [{ ...scale, create: 3 }, '"scale" needs a function create(options, context)'],
    [{ ...scale, options: {} }, '"scale" needs options, a z.strictObject({ ... })'],
    [
      { ...scale, options: z.strictObject({ factor: z.number() }) },
      '"scale" needs a description of its option factor: use .describe()',
    ],
  ])('refuses an entry that lacks a part: %#', (entry, problem) => {
    const functions = new Registry<(x: number) => number>('function');
    expect(() => functions.add(entry as unknown as typeof scale)).toThrow(
      new RegistryError(`a new function ${problem}`),
    );
  });

  it('refuses a name that is taken', () => {
    expect(() => new Registry('function', [scale, scale])).toThrow(
      'there is a function "scale" already',
    );
  });
});
