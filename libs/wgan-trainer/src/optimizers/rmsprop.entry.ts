import type { Entry } from '@tgan/core';
import * as z from 'zod';
import type { Optimizer } from './optimizer.js';

/** `rmsprop` in the registry of optimizers. It loads TensorFlow.js when it is made. */
export const rmsPropEntry: Entry<Optimizer> = {
  name: 'rmsprop',
  description: 'RMSProp as in Chainer and PyTorch (the paper)',
  options: z.strictObject({}),
  create: async () => (await import('./rmsprop.js')).rmsProp(),
};
