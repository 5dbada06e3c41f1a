import { expect, it } from 'vitest';
import * as tf from '@tensorflow/tfjs';
import { checkGradients, expectClose, expectNoLeaks, loadReference } from './index.js';
import { expectReadmeToShow } from '../../../tools/readme-example.js';

it('does what the README shows', async () => {
  // README
  const reference = loadReference();
  const kernel = reference.snapshot('init', 'vdis').get('c0/W')!;

  await expectNoLeaks(() =>
    tf.tidy(() => {
      const x = tf.tensor1d([1, 2, 3]);
      expectClose(x.square(), [1, 4, 9], 1e-6, 'squares');
      checkGradients((x) => x.square(), [x]); // against central differences
    }),
  );
  // README
  expect(kernel.shape).toEqual([4, 1, 4, 4, 4]);

  expectReadmeToShow(import.meta.url);
});
