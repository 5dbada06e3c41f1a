// Registers the layers of tgan's own models, so that those open too.
import '@tgan/gan-layers';
import { registerSimdBackend } from '@tgan/simd-backend';
import * as tf from '@tensorflow/tfjs';
import { expose } from 'comlink';
import { ModelClipper } from './model-clipper.js';

const started = registerSimdBackend().then(() => tf.setBackend('simd'));
started.catch(() => {}); // What opens a model first says so.

const clipper = new ModelClipper();

/** The clipper in a worker, so that the page stays responsive. */
const tool = {
  async open(files: ReadonlyMap<string, Blob>): Promise<void> {
    await started;
    await clipper.open(files);
  },
  async openExample(): Promise<void> {
    await started;
    clipper.openExample();
  },
  clip: (bound: number) => clipper.clip(bound),
  files: () => clipper.files(),
};

export type SvcWorker = typeof tool;

expose(tool);
