import * as tf from '@tensorflow/tfjs';
import type { Gan, RealBatch } from './gan.js';
import { generated, trainingMode } from './gradients.js';

/**
 * Finds what made a model's scores NaN or infinite: first in its weights, then by a further pass
 * over the batch, layer by layer. The pass is slow and moves running statistics and noise streams,
 * so it is only for training that has failed.
 *
 * The layers of a network are checked if its inputs are the latents or the samples, with one-hot
 * labels if the model is conditional. Other networks, such as the image generator of a `VideoGan`,
 * are not: what enters them is computed in `generate`, and TensorFlow.js has no hooks on the inputs
 * and outputs of all layers. If the first bad value is in such a network, the report names the
 * generated samples.
 *
 * @param batch - the real samples of the pass that failed.
 * @param latents - its latents.
 * @returns the end of a sentence that names the place; undefined when everything is finite.
 */
export async function findNonFinite<Samples extends tf.Tensor>(
  model: Gan<Samples>,
  batch: RealBatch<Samples>,
  latents: tf.Tensor,
): Promise<string | undefined> {
  return (await inWeights(model)) ?? inActivations(model, batch, latents);
}

/**
 * Gradients flow back from the critic, so the first bad weight in that order is the origin. Running
 * statistics are not checked, because the pass that failed has changed them.
 */
async function inWeights({ networks }: Gan): Promise<string | undefined> {
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

async function inActivations<Samples extends tf.Tensor>(
  model: Gan<Samples>,
  batch: RealBatch<Samples>,
  latents: tf.Tensor,
): Promise<string | undefined> {
  const found: { what: string; finite: tf.Scalar }[] = [];
  // NaN and infinity times 0 are NaN.
  const watch = (what: string, tensor: tf.Tensor) =>
    found.push({ what, finite: tf.tidy(() => tf.keep(tensor.mul(0).sum() as tf.Scalar)) });
  const mode = trainingMode(model, batch.labels);
  const watchLayers = (name: string, network: tf.LayersModel, input: tf.Tensor, on: string) => {
    for (const [layer, output] of outputsOf(network, input, mode.labels)) {
      watch(`the output of ${name}/${layer} on ${on} samples is not finite`, output);
    }
  };
  tf.tidy(() => {
    for (const [name, network] of Object.entries(model.networks)) {
      if (network !== model.critic) watchLayers(name, network, latents, 'generated');
    }
    const { samples } = generated(model, latents, mode);
    watch('the generated samples are not finite', samples);
    const critic = nameOf(model);
    watchLayers(critic, model.critic, samples, 'generated');
    watch('the scores of generated samples are not finite', model.score(samples, mode));
    watch('the real samples are not finite', batch.samples);
    watchLayers(critic, model.critic, batch.samples, 'real');
  });
  const values = await Promise.all(found.map(({ finite }) => finite.data()));
  tf.dispose(found.map(({ finite }) => finite));
  return found.find((_, i) => !Number.isFinite(values[i][0]))?.what;
}

const nameOf = ({ networks, critic }: Gan) =>
  Object.entries(networks).find(([, network]) => network === critic)?.[0] ?? 'critic';

/**
 * The output of each layer, in order. None when the network takes anything but input and labels.
 */
function outputsOf(
  network: tf.LayersModel,
  input: tf.Tensor,
  labels: tf.Tensor1D | undefined,
): [layer: string, output: tf.Tensor][] {
  const classes = labels && network.inputs[1]?.shape[1];
  const inputs = classes ? [input, tf.oneHot(labels, classes).toFloat()] : [input];
  const fits =
    inputs.length === network.inputs.length &&
    inputs.every(({ shape }, i) => fitsShape(shape, network.inputs[i].shape));
  if (!fits) return [];
  const outputs = tensorsOf(network);
  // The model shares the layers and owns nothing, so it is not disposed.
  const values = tf.model({ inputs: network.inputs, outputs }).apply(inputs, { training: true });
  return [values].flat().map((value, i) => [outputs[i].sourceLayer.name, value as tf.Tensor]);
}

/** The outputs of all layers of a network, in the order of computation. */
function tensorsOf({ inputs, outputs }: tf.LayersModel): tf.SymbolicTensor[] {
  const ordered = new Set<tf.SymbolicTensor>();
  const visit = (tensor: tf.SymbolicTensor) => {
    if (ordered.has(tensor) || inputs.includes(tensor)) return;
    tensor.inputs.forEach(visit);
    ordered.add(tensor);
  };
  outputs.forEach(visit);
  return [...ordered];
}

const fitsShape = (shape: readonly number[], expected: tf.Shape) =>
  shape.length === expected.length &&
  expected.every((size, axis) => size === null || size === shape[axis]);
