import * as tf from '@tensorflow/tfjs';
import { MetricsError } from '../errors.js';
import type { FeatureExtractor } from '../extractor.js';
import {
  type ExtractorOptions,
  type Network,
  networkExtractor,
  type NetworkOutput,
} from './network-extractor.js';

/**
 * An extractor out of a TensorFlow.js model, of layers or a graph, that takes clips.
 *
 * @param model - becomes the extractor's, which disposes of it.
 * @param identity - a short name, and the SHA-256 of topology and weights.
 * @param options - outputs are named by layers, or by nodes of a graph.
 * @throws as {@link networkExtractor} does.
 */
export function modelExtractor(
  model: tf.LayersModel | tf.GraphModel,
  identity: { readonly name: string; readonly fingerprint: string },
  options?: ExtractorOptions,
): Promise<FeatureExtractor> {
  return networkExtractor({ ...identity, ...networkOf(model, identity.name) }, options);
}

function networkOf(
  model: tf.LayersModel | tf.GraphModel,
  name: string,
): Omit<Network, 'name' | 'fingerprint'> {
  const [input, ...others] = model.inputs;
  if (others.length > 0 || !input) {
    throw new MetricsError(`${name} has ${model.inputs.length} inputs, not one`);
  }
  const apply = 'layers' in model ? layersRunner(model, name) : graphRunner(model, name);
  return {
    // A graph says -1 where layers say null.
    inputShape: (input.shape ?? []).map((length) =>
      length === null || length < 0 ? null : length,
    ),
    async run(fitted, names) {
      const outputs = tf.tidy(() => apply(fitted, names).map((output) => output.toFloat()));
      try {
        return await Promise.all(outputs.map(read));
      } finally {
        tf.dispose(outputs);
      }
    },
    dispose: () => model.dispose(),
  };
}

type Runner = (input: tf.Tensor5D, names: readonly (string | undefined)[]) => tf.Tensor[];

async function read(tensor: tf.Tensor): Promise<NetworkOutput> {
  return { data: (await tensor.data()) as Float32Array, shape: tensor.shape };
}

function layersRunner(model: tf.LayersModel, subject: string): Runner {
  let part: tf.LayersModel | undefined;
  return (input, names) => {
    part ??= tf.model({
      inputs: model.inputs,
      outputs: names.map((name) => outputOf(model, name, subject)),
    });
    return [part.predict(input)].flat();
  };
}

function outputOf(
  model: tf.LayersModel,
  name: string | undefined,
  subject: string,
): tf.SymbolicTensor {
  if (name === undefined) return model.outputs[0];
  const layer = model.layers.find((candidate) => candidate.name === name);
  if (layer) return layer.output as tf.SymbolicTensor;
  const known = model.layers.map((each) => each.name).join(', ');
  throw new MetricsError(`${subject} has no layer "${name}"; there is: ${known}`);
}

function graphRunner(model: tf.GraphModel, subject: string): Runner {
  return (input, names) => {
    const outputs = names.map((name) => name ?? model.outputs[0].name);
    try {
      return [model.execute(input, outputs)].flat();
    } catch (error) {
      throw new MetricsError(`${subject}: ${(error as Error).message}`, { cause: error });
    }
  };
}
