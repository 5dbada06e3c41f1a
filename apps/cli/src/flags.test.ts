import { axisNames, builtInAxes } from '@tgan/runs/config';
import { describe, expect, it } from 'vitest';
import { configFlags } from './flags.js';

describe('flags', () => {
  it('cover the configuration and turn text into its values', () => {
    const flags = new Map(configFlags(builtInAxes).map((flag) => [flag.long, flag]));
    expect(flags.size).toBe(builtInAxes.fields.size + axisNames.length);
    const value = (flag: string, text: string) => {
      const { parseArg = (text: string) => text } = flags.get(flag)!;
      return parseArg(text, undefined);
    };
    expect(value('--batch-size', '8')).toBe(8);
    expect(value('--batch-size', 'eight')).toBe('eight');
    expect(value('--critic-widths', '4,8')).toEqual([4, 8]);
    expect(value('--batch-norm-beta', 'false')).toBe(false);
    expect(value('--dataset', 'ucf')).toBe('ucf');
    expect(value('--import', './mine.mjs')).toEqual(['./mine.mjs']);
  });
});
