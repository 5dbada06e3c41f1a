import { expectNoLeaks } from '@tgan/tensor-fixtures';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { enableConv3dTransposeGradient } from './deconvolution-3d.js';
import { conv3dTransposeGradientError } from './gradient-check.js';
import { createKernelInitializer } from './initializers.js';
import { halved, mustHalve } from './options.js';
import * as z from 'zod';

describe('conv3dTranspose', () => {
  beforeAll(enableConv3dTransposeGradient);

  it('has the gradient that differences give, over kernels, strides, paddings and channels', async () => {
    const small = fc.integer({ min: 1, max: 2 });
    const cases = fc.record({
      kernel: fc.integer({ min: 2, max: 4 }),
      stride: small,
      pad: fc.constantFrom('same' as const, 'valid' as const),
      size: small,
      inputs: small,
      outputs: small,
    });
    await fc.assert(
      fc.asyncProperty(cases, async (c) => {
        const error = await expectNoLeaks(() => conv3dTransposeGradientError(c));
        expect(error).toBeLessThan(1e-5);
      }),
      { numRuns: 8 },
    );
  });

  it('is found out where a kernel is wrong', async () => {
    const kernel = tf.getKernel('Conv3D', 'cpu');
    tf.unregisterKernel('Conv3D', 'cpu');
    tf.registerKernel({
      ...kernel,
      kernelFunc: (args) => {
        const y = kernel.kernelFunc(args) as tf.TensorInfo;
        (tf.backend().readSync(y.dataId) as Float32Array)[0] += 0.1;
        return y;
      },
    });
    expect(await conv3dTransposeGradientError()).toBeGreaterThan(1e-3);
    tf.unregisterKernel('Conv3D', 'cpu');
    tf.registerKernel(kernel);
    expect(await conv3dTransposeGradientError()).toBeLessThan(1e-5);
  });

  it('trains inside a layers model', () => {
    const model = tf.sequential({
      layers: [
        tf.layers.conv3dTranspose({
          inputShape: [1, 2, 2, 3],
          filters: 1,
          kernelSize: 4,
          strides: 2,
          padding: 'same',
        }),
      ],
    });
    const variables = model.trainableWeights.map((w) => w.read() as tf.Variable);
    const { value, grads } = tf.variableGrads(
      () => (model.apply(tf.ones([1, 1, 2, 2, 3])) as tf.Tensor).square().mean() as tf.Scalar,
      variables,
    );
    expect(Object.keys(grads)).toHaveLength(2);
    tf.dispose([value, grads]);
    model.dispose();
  });
});

describe('createKernelInitializer', () => {
  const spread = (scheme: 'uniform' | 'he' | 'lecun', fanIn: number) =>
    tf.tidy(() => {
      const weights = createKernelInitializer(scheme, fanIn, 11).apply([200, 100]);
      const { mean, variance } = tf.moments(weights);
      return {
        mean: mean.dataSync()[0],
        deviation: Math.sqrt(variance.dataSync()[0]),
        largest: weights.abs().max().dataSync()[0],
      };
    });

  it('draws U(-0.01, 0.01)', () => {
    const { mean, deviation, largest } = spread('uniform', 50);
    expect(Math.abs(mean)).toBeLessThan(2e-4);
    expect(deviation).toBeCloseTo(0.02 / Math.sqrt(12), 4);
    expect(largest).toBeLessThanOrEqual(0.01);
  });

  it.each([
    ['he', Math.sqrt(2 / 50)],
    ['lecun', Math.sqrt(1 / 50)],
  ] as const)('draws the %s normal, not truncated', (scheme, expected) => {
    const { deviation, largest } = spread(scheme, 50);
    expect(deviation / expected).toBeCloseTo(1, 1);
    expect(largest).toBeGreaterThan(3 * expected);
  });
});

describe('sizes', () => {
  it('halves what divides, and says which sizes do', () => {
    expect(halved(64, 4)).toBe(4);
    expect(halved(50, 4)).toBeUndefined();
    expect(halved(8, 4)).toBeUndefined();
    const schema = z.object({ frames: z.int() }).check(mustHalve('frames', () => 4));
    const problem = (frames: number) => schema.safeParse({ frames }).error?.issues[0].message;
    expect(problem(32)).toBeUndefined();
    expect(problem(50)).toMatch(/50 does not fit 4 layers of stride 2: .* nearest: 48 and 64/);
    expect(problem(10)).toMatch(/multiple of 16; nearest: 16/);
  });
});
