import { SafetensorsError, parseSafetensors, type Safetensors } from '@tgan/wgan-trainer';
import { expectNoLeaks } from '@tgan/tensor-fixtures';
import { VideoGan } from '@tgan/video-gan';
import { afterAll, describe, expect, it } from 'vitest';
import { readConfig } from '../config/config.js';
import { tinyConfig } from '../testing/tiny-run.js';
import { assignWeights, formatWeightsFile, weightsOf } from './model-weights.js';
import { weightsFileOf } from './weights-file.js';

const sizes = {
  ...{ latentSize: 4, frames: 4, imageSize: 16, channels: 1 },
  ...{ temporalWidths: [4, 4], imageWidths: [4, 2], criticWidths: [2, 2] },
};
const [model, other] = [1, 2].map((seed) => new VideoGan({ ...sizes, seed }));
afterAll(() => {
  model.dispose();
  other.dispose();
});

describe('the weights of a model', () => {
  it('have names of networks, layers and weights, and come back through a file', async () => {
    const arrays = await weightsOf(model);
    const networks = new Set([...arrays.keys()].map((name) => name.split('/')[0]));
    expect([...networks]).toEqual(Object.keys(model.networks));
    expect([...arrays.keys()]).toContain('critic/conv0/kernel');
    expect(await weightsOf(other)).not.toEqual(arrays);

    const { config } = await readConfig({ ...tinyConfig, dataset: 'moving-mnist' }, 'test');
    const bytes = formatWeightsFile({ config, labels: ['a', 'b'], arrays });
    const file = await weightsFileOf(parseSafetensors(bytes), 'x.safetensors');
    expect(file.labels).toEqual(['a', 'b']);
    expect(file.config).toEqual(config);
    await expectNoLeaks(() => assignWeights(other, file.arrays));
    expect(await weightsOf(other)).toEqual(arrays);
  });

  const name = 'critic/conv0/kernel';
  type Arrays = Map<string, { shape: readonly number[]; data: Float32Array }>;
  const wrong: [RegExp, (arrays: Arrays) => void][] = [
    [/there is no critic\/conv0\/kernel, which the model has/, (arrays) => arrays.delete(name)],
    [
      /critic\/conv0\/kernel is \[3\], but \[4,4,4,1,2\] in the model/,
      (arrays) => arrays.set(name, { shape: [3], data: new Float32Array(3) }),
    ],
    [
      /critic\/conv0\/kernel contains values that are not finite/,
      (arrays) => {
        const { shape, data } = arrays.get(name)!;
        arrays.set(name, { shape, data: data.map((value, i) => (i === 3 ? NaN : value)) });
      },
    ],
    [
      /the model has no critic\/more\/kernel/,
      (arrays) => arrays.set('critic/more/kernel', { shape: [1], data: new Float32Array(1) }),
    ],
  ];
  it.each(wrong)('are refused where %s, and nothing changes', async (message, change) => {
    const arrays = new Map(await weightsOf(model)) as Arrays;
    for (const [name, { shape, data }] of arrays) {
      arrays.set(name, { shape, data: data.map((value) => value + 1) });
    }
    change(arrays);
    const before = await weightsOf(model);
    const assign = () => assignWeights(model, arrays as Safetensors['arrays']);
    expect(assign).toThrow(SafetensorsError);
    expect(assign).toThrow(message);
    expect(await weightsOf(model)).toEqual(before);
  });
});
