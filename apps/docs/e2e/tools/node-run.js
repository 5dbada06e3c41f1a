// The run of the page, in Node.
import { readFile } from 'node:fs/promises';
import { registerSimdBackend } from '@tgan/simd-backend';
import * as tf from '@tensorflow/tfjs';
import { parse } from 'yaml';
import { LiveRun } from '../../src/training/live-run.ts';

const published = (path) => readFile(new URL(`../../public/${path}`, import.meta.url));

/** The file of weights after some steps. */
export async function weightsAfter(steps) {
  await registerSimdBackend();
  await tf.setBackend('simd');
  const config = parse(String(await published('models/moving-mnist-tiny/config.yaml')));
  const run = await LiveRun.start(config, await published('data/mnist-digits.npz'));
  for (let i = 0; i < steps; i++) await run.step();
  return run.weights();
}
