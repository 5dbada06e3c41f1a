import type { VideoModel } from '@tgan/video-gan';
import * as tf from '@tensorflow/tfjs';
import { generated, modeOf, type RealBatch } from './wasserstein.js';

/**
 * Looks for what made a model's scores NaN or infinite: first through its weights, then by another pass over the batch
 * layer by layer. Slow, and the running statistics and noise streams move: for when training has failed.
 *
 * @param batch - the real clips of the pass that failed.
 * @param z0 - its latents.
 * @returns the end of a sentence that names the layer; undefined when everything is finite.
 */
export async function findNonFinite(
  model: VideoModel,
  batch: RealBatch,
  z0: tf.Tensor2D,
): Promise<string | undefined> {
  return (await inWeights(model)) ?? inActivations(model, batch, z0);
}

/**
 * Gradients come from the critic's end, so the first weight that is met on that way is where it began. Running statistics
 * do not count: the pass that failed has changed them.
 */
async function inWeights({ networks }: VideoModel): Promise<string | undefined> {
  for (const [network, { trainableWeights }] of Object.entries(networks).reverse()) {
    for (const weight of [...trainableWeights].reverse()) {
      const values = await (weight.read() as tf.Variable).data();
      if (!values.every(Number.isFinite)) {
        return `${network}/${weight.originalName} holds NaN or infinity since the step before`;
      }
    }
  }
  return undefined;
}

async function inActivations(
  model: VideoModel,
  batch: RealBatch,
  z0: tf.Tensor2D,
): Promise<string | undefined> {
  const found: { what: string; finite: tf.Scalar }[] = [];
  // NaN and infinity times 0 are NaN.
  const watch = (what: string, tensor: tf.Tensor) =>
    found.push({ what, finite: tf.tidy(() => tf.keep(tensor.mul(0).sum() as tf.Scalar)) });
  let clips = '';
  const layers = Object.entries(model.networks).flatMap(([network, { layers }]) =>
    layers.map((layer) => ({ layer, name: `${network}/${layer.name}` })),
  );
  for (const { layer, name } of layers) {
    const call = layer.call.bind(layer);
    layer.call = (inputs, kwargs) => {
      const outputs = call(inputs, kwargs);
      for (const output of [outputs].flat()) {
        watch(`the output of ${name} on ${clips} clips is not finite`, output);
      }
      return outputs;
    };
  }
  try {
    const mode = modeOf(model, batch);
    tf.tidy(() => {
      clips = 'generated';
      model.score(generated(model, z0, mode).clips, mode);
      clips = 'real';
      watch('the real clips are not finite', batch.clips);
      model.score(batch.clips, mode);
    });
  } finally {
    for (const { layer } of layers) Reflect.deleteProperty(layer, 'call');
  }
  const values = await Promise.all(found.map(({ finite }) => finite.data()));
  tf.dispose(found.map(({ finite }) => finite));
  return found.find((_, i) => !Number.isFinite(values[i][0]))?.what;
}
