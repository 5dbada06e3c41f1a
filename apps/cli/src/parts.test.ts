import { parse } from 'yaml';
import { describe, expect, it } from 'vitest';
import { configShape, flatConfig, parseConfig } from './config.js';
import { configFlags } from './flags.js';
import { loadConfig, presetNames } from './presets.js';

describe('the configuration', () => {
  it.each(presetNames())('accepts the preset %s', async (name) => {
    const config = await loadConfig(name, {});
    expect(config.dataset).toBe('moving-mnist');
  });

  it('comes back from what the run folder keeps', async () => {
    const config = await loadConfig('moving-mnist-tiny', { steps: 7, model: 'tgan-z1' });
    const { stringify } = await import('yaml');
    expect(parseConfig(parse(stringify(flatConfig(config))), 'config.yaml')).toEqual(config);
  });

  it('lets flags win over the preset', async () => {
    const config = await loadConfig('moving-mnist-tiny', { steps: 7 });
    expect(config).toMatchObject({ steps: 7, sampleCount: 16, model: { imageSize: 32 } });
  });

  it.each([
    [{ batchsize: 3 }, /unknown option "batchsize", did you mean "batchSize"/],
    [{ batchSize: 0 }, /batchSize: expected a number >= 1, got 0/],
    [{ imageSize: 50 }, /imageSize: 50 does not fit .* nearest: 48 and 64/],
    [{ frames: 10 }, /frames: 10 does not fit .* nearest: 16/],
    [{ model: 'gan' }, /model: .*tgan, tgan-z1, 3d, vgan/],
    [{ model: '3d', temporalWidths: [4] }, /unknown option "temporalWidths"/],
    ['steps', /expected an object, got "steps"/],
  ])('refuses %j', (values, message) => {
    expect(() => parseConfig(values, 'preset')).toThrow(message);
  });
});

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
