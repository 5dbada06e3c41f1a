import { registerSimdBackend } from '@tgan/simd-backend';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { singularValueClipping } from './constraints/svc.js';
import { crossEntropy } from './objectives/normal.js';
import { adam } from './optimizers/adam.js';
import { tinyBatches, tinyModels } from './testing/tiny-models.js';
import { WganTrainer, type WganTrainerOptions } from './trainer.js';

/**
 * Names that move no values: other views of a tensor, a float that is cast to a float (the backend
 * itself casts others), and what tf.profile calls a function with a gradient of its own.
 */
const movesNothing = /^(Identity|Reshape|ExpandDims|Cast|unnamed scope|.*__op)$/;

describe('a step on simd', () => {
  beforeAll(async () => {
    await registerSimdBackend({ threads: 2 });
    await tf.setBackend('simd');
  });
  afterAll(async () => {
    await tf.setBackend('cpu');
    tf.removeBackend('simd');
  });

  const ways: Record<string, WganTrainerOptions> = {
    'the paper': { constraint: singularValueClipping(1) },
    'the normal GAN by Adam': { objective: crossEntropy, optimizer: adam() },
  };
  it.each(Object.keys(tinyModels).flatMap((name) => Object.keys(ways).map((way) => [name, way])))(
    'of %s, as %s, falls back to no JavaScript kernel on more than the scores',
    async (name, way) => {
      const model = tinyModels[name as keyof typeof tinyModels]();
      const trainer = new WganTrainer(model, ways[way]);
      const nextBatch = tinyBatches(1, true);
      await trainer.step(nextBatch);
      // What the backend itself runs is named; a kernel that it leaves to tfjs is not.
      const own = vi.spyOn(tf.backend() as never as { named(name: string): void }, 'named');
      const { kernels } = await tf.profile(async () => {
        await trainer.step(nextBatch);
        return tf.scalar(0);
      });
      const runs = own.mock.calls.map(([kernel]) => kernel);
      own.mockRestore();
      expect(runs.length).toBeGreaterThan(100);

      const left = kernels.filter((kernel) => {
        const at = runs.indexOf(kernel.name);
        if (at >= 0) runs.splice(at, 1);
        return at < 0 && !movesNothing.test(kernel.name);
      });
      const size = ({ outputShapes }: (typeof kernels)[number]) =>
        Math.max(...outputShapes.map((shape) => tf.util.sizeFromShape(shape)));
      expect(left.filter((kernel) => size(kernel) > 8).map(({ name }) => name)).toEqual([]);
      trainer.dispose();
      model.dispose();
    },
  );
});
