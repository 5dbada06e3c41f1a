import type { Entry } from '@tgan/core';
import { z } from 'zod';
import type { ClipSource } from './clip-source.js';
import { movingMnist, movingMnistOptions } from './moving-mnist.js';
import type { DatasetContext } from './registries.js';

const options = z.strictObject({ digits: movingMnistOptions.shape.digits });

/** Moving MNIST, generated as it is read, as the data set `moving-mnist`. */
export const movingMnistEntry: Entry<ClipSource, DatasetContext, typeof options> = {
  name: 'moving-mnist',
  description: 'handwritten digits that move over a black canvas, generated as they are read',
  options,
  create: ({ digits }, { frames, imageSize, labeled, seed }) =>
    movingMnist({ digits, frames, imageSize, labeled, seed }),
};
