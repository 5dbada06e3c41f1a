import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { describe, expect, it } from 'vitest';
import { parseConfig } from './config.js';
import { loadConfig, presetNames } from './presets.js';

describe('the configuration', () => {
  it.each(presetNames())('accepts the preset %s', async (name) => {
    const config = await loadConfig(name, {});
    const text = readFileSync(new URL(`../../presets/${name}.yaml`, import.meta.url), 'utf8');
    // What is not made as it is read says what makes it.
    if (config.dataset === 'packed') {
      const kind = name.split('-')[0];
      expect(text).toContain(`# The clips: tgan dataset prepare ${kind} `);
      expect(text).toContain(`--out ${config.data}\n`);
      expect(config.channels).toBe(3);
    }
    // As in the paper, but for those that are to be quick.
    if (!/tiny|small/.test(name)) expect(config.batchSize * config.accumulate).toBe(32);
  });

  it('has the original’s configurations under names of their own', async () => {
    const facts = async (name: string) => {
      const { dataset, objective, constraint, clipEvery, weightLimit, ...run } = await loadConfig(
        name,
        {},
      );
      expect({ dataset, clipEvery, weightLimit, beta: run.batchNormBeta }).toEqual({
        dataset: name.startsWith('moving') ? 'moving-mnist' : 'packed',
        clipEvery: constraint === 'svc' ? 5 : undefined,
        weightLimit: constraint === 'weight-clipping' ? 0.01 : undefined,
        beta: false,
      });
      expect(run).toMatchObject({ learningRate: 5e-5, optimizer: 'rmsprop', steps: 100_000 });
      return [objective, constraint, run.initializer, run.noise];
    };
    for (const [name, ...expected] of [
      ['moving-mnist', 'wasserstein', 'svc', 'uniform', 0],
      ['moving-mnist-clip', 'wasserstein', 'weight-clipping', 'uniform', 0],
      ['ucf101', 'wasserstein', 'svc', 'original', 0],
      ['ucf101-uniform', 'wasserstein', 'svc', 'uniform', 0],
      ['ucf101-clip', 'wasserstein', 'weight-clipping', 'original', 0],
      ['ucf101-normal', 'normal', 'none', 'original', 0.3],
      ['golf', 'wasserstein', 'svc', 'uniform', 0],
      ['golf-clip', 'wasserstein', 'weight-clipping', 'uniform', 0],
    ] as const) {
      expect([name, ...(await facts(name))]).toEqual([name, ...expected]);
    }
  });

  it('comes back from what the run folder keeps', async () => {
    const config = await loadConfig('moving-mnist-tiny', { steps: 7, model: 'tgan-z1' });
    const { stringify } = await import('yaml');
    expect(parseConfig(parse(stringify(config)), 'config.yaml')).toEqual(config);
  });

  it('leaves out what a preset says of another model than the one asked for, and nothing else', async () => {
    const config = await loadConfig('moving-mnist-tiny', { model: '3d' });
    expect(config).toMatchObject({ model: '3d', imageSize: 32, criticWidths: [32, 64] });
    expect(config).not.toHaveProperty('temporalWidths');
    expect(config.batchSize).toBe(16);
    const same = await loadConfig('moving-mnist', { model: 'tgan-z1' });
    expect(same).toMatchObject({ batchNormBeta: false, initializer: 'uniform' });
    await expect(loadConfig('moving-mnist', { model: 'vgan', seesZ0: true })).rejects.toThrow(
      /unknown option "seesZ0"/,
    );
    const none = await loadConfig('moving-mnist-clip', { constraint: 'none' });
    expect(none).not.toHaveProperty('weightLimit');
  });

  it('refuses an option of an entry that is not chosen', async () => {
    await expect(loadConfig('moving-mnist', { weightLimit: 0.1 })).rejects.toThrow(
      '--weight-limit belongs to the constraint weight-clipping, not to svc',
    );
    const flags = { constraint: 'none', clipEvery: 3 };
    await expect(loadConfig('moving-mnist', flags)).rejects.toThrow(
      '--clip-every belongs to the constraints svc, operator-norm, not to none',
    );
  });

  it('lets flags win over the preset', async () => {
    const config = await loadConfig('moving-mnist-tiny', { steps: 7 });
    expect(config).toMatchObject({ steps: 7, sampleCount: 20, imageSize: 32 });
  });

  it.each([
    [{ batchsize: 3 }, /unknown option "batchsize", did you mean "batchSize"/],
    [{ batchSize: 0 }, /batchSize: expected a number >= 2, got 0/],
    [{ imageSize: 50 }, /imageSize: 50 does not fit .* nearest: 48 and 64/],
    [{ frames: 10 }, /frames: 10 does not fit .* nearest: 16/],
    [{ model: 'gan' }, /model: .*tgan, tgan-z1, 3d, vgan/],
    [
      { model: '3d', temporalWidths: [4] },
      /temporalWidths belongs to the models tgan, tgan-z1, tgan-dual, not to 3d/,
    ],
    ['steps', /expected an object, got "steps"/],
  ])('refuses %j', (values, message) => {
    expect(() => parseConfig(values, 'preset')).toThrow(message);
  });
});
