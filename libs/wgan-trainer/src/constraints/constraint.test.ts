import { operatorNorms } from '@tgan/svc-constraint';
import { expectNoLeaks } from '@tgan/tensor-fixtures';
import type * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { tinyBatches, tinyGan, valuesOf } from '../testing/tiny-models.js';
import { WganTrainer } from '../trainer.js';
import type { Constraint } from './constraint.js';
import { unconstrained } from './none.js';
import { operatorNormClipping } from './operator-norm.js';
import { spectralNormalization } from './spectral-norm.js';
import { singularValueClipping } from './svc.js';
import { weightClipping } from './weight-clipping.js';

/**
 * What the critic is like after each of six steps: both norms of each kernel, its largest weight.
 */
async function trained(constraint: Constraint) {
  return expectNoLeaks(async () => {
    const model = tinyGan();
    const trainer = new WganTrainer(model, { constraint, learningRate: 3e-3 });
    const steps = [];
    for (let i = 0; i < 6; i++) {
      const { clipping } = await trainer.step(tinyBatches(i));
      const norms = await operatorNorms(model.critic, { tolerance: 1e-4 });
      const weights = valuesOf(model.criticVariables).flatMap((weight) => [...weight]);
      steps.push({
        kernel: norms.map(({ kernel }) => kernel),
        operator: norms.map(({ operator }) => operator),
        weight: Math.max(...weights.map(Math.abs)),
        clipping,
      });
    }
    trainer.dispose();
    model.dispose();
    return steps;
  });
}

const most = Math.max;

describe('constraints', () => {
  it('let the norms grow where there is none', async () => {
    const steps = await trained(unconstrained);
    for (const { kernel, clipping } of steps) {
      expect(most(...kernel)).toBeGreaterThan(1.2);
      expect(clipping).toBeUndefined();
    }
  });

  it('singular value clipping takes kernels to 1 every so many steps, and says so', async () => {
    const steps = await trained(singularValueClipping(3));
    steps.forEach(({ kernel, clipping }, i) => {
      const clips = i % 3 === 2;
      if (clips) expect(most(...kernel)).toBeLessThan(1 + 1e-4);
      expect(clipping?.kernels.length).toBe(clips ? 3 : undefined);
    });
    expect(most(...steps[4].kernel)).toBeGreaterThan(1 + 1e-3);
    expect(most(...steps[5].operator)).toBeGreaterThan(1 + 1e-3);
  });

  it('weight clipping keeps every learned weight of the critic within its limit, each step', async () => {
    for (const { weight } of await trained(weightClipping(0.02))) {
      expect(weight).toBeLessThanOrEqual(Math.fround(0.02));
      expect(weight).toBeGreaterThan(0.019);
    }
  });

  it('spectral normalization makes the largest singular value of every kernel 1, each step', async () => {
    for (const { kernel } of await trained(spectralNormalization())) {
      for (const norm of kernel) expect(Math.abs(norm - 1)).toBeLessThan(1e-2);
    }
  });

  it('operator norm clipping keeps every layer to at most 1, every so many steps', async () => {
    const steps = await trained(operatorNormClipping(2));
    steps.forEach(({ operator }, i) => {
      if (i % 2 === 1) expect(most(...operator)).toBeLessThan(1 + 1e-4);
      else expect(most(...operator)).toBeGreaterThan(1 + 1e-3);
    });
  });

  it('may be one’s own', async () => {
    const seen: number[] = [];
    const own: Constraint = {
      async project(critic, step) {
        seen.push(step);
        expect(critic.name).toBe('critic');
      },
      penalty: (score, real, fake) => score(real).sub(score(fake)).square().mean() as tf.Scalar,
    };
    await trained(own);
    expect(seen).toEqual([1, 2, 3, 4, 5, 6]);
  });
});
