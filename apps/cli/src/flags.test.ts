import { configShape } from '@tgan/runs/config';
import { describe, expect, it } from 'vitest';
import { configFlags } from './flags.js';

describe('flags', () => {
  it('cover the configuration and turn text into its values', () => {
    const flags = new Map(configFlags().map((flag) => [flag.long, flag]));
    expect(flags.size).toBe(Object.keys(configShape).length);
    const value = (flag: string, text: string) => flags.get(flag)?.parseArg?.(text, undefined);
    expect(value('--batch-size', '8')).toBe(8);
    expect(value('--batch-size', 'eight')).toBe('eight');
    expect(value('--critic-widths', '4,8')).toEqual([4, 8]);
    expect(value('--batch-norm-beta', 'false')).toBe(false);
    expect(value('--dataset', 'ucf')).toBe('ucf');
  });
});
