import { describe, expect, it } from 'vitest';
import { constraints, objectives, optimizers, schedules, trainerOptions } from './registries.js';

/** TensorFlow.js puts its engine here when it is loaded. */
const isTfjsLoaded = () => '_tfengine' in globalThis;

describe('the registries', () => {
  it('do not load TensorFlow.js until an entry needs it', async () => {
    expect(isTfjsLoaded()).toBe(false);
    expect(objectives.names).toEqual(['wasserstein', 'normal', 'least-squares', 'hinge']);
    await constraints.create('svc', { clipEvery: 3 });
    expect(isTfjsLoaded()).toBe(false);
    await optimizers.create('rmsprop', {});
    expect(isTfjsLoaded()).toBe(true);
  });

  it('make what a trainer takes, with the defaults of the paper', async () => {
    for (const name of objectives.names) {
      expect(await objectives.create(name, {})).toHaveProperty('criticLoss');
    }
    for (const name of optimizers.names) {
      expect(await optimizers.create(name, {})).toHaveProperty('update');
    }
    expect(await constraints.create('none', {})).toEqual({});
    expect(await constraints.create('gradient-penalty', {})).toHaveProperty('penalty');
    for (const name of ['svc', 'operator-norm', 'spectral-norm', 'weight-clipping']) {
      expect(await constraints.create(name, {})).toHaveProperty('project');
    }
    const decay = await schedules.create('linear-decay', {}, { steps: 4 });
    expect([1, 2, 5].map(decay)).toEqual([1, 0.75, 0]);
    expect((await schedules.create('constant', {}, { steps: 4 }))(3)).toBe(1);
  });

  it('refuse options that an entry does not have, and values out of range', async () => {
    await expect(objectives.create('hinge', { margin: 2 })).rejects.toThrow(/margin/);
    await expect(constraints.create('svc', { clipEvery: 0 })).rejects.toThrow(/clipEvery/);
    await expect(optimizers.create('adam', { beta1: 1 })).rejects.toThrow(/beta1/);
  });

  it('describe every option', () => {
    for (const registry of [objectives, constraints, optimizers, schedules]) {
      for (const { options } of registry) {
        for (const field of Object.values<{ description?: string }>(options.shape)) {
          expect(field.description).toBeTruthy();
        }
      }
    }
    for (const field of Object.values(trainerOptions.shape)) expect(field.description).toBeTruthy();
  });
});
