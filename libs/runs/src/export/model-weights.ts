import type { VideoModel } from '@tgan/video-gan';
import { formatSafetensors, SafetensorsError, type Safetensors } from '@tgan/wgan-trainer';
import * as tf from '@tensorflow/tfjs';

/** All weights of a model with what its run has beside them, as one safetensors file. */
export interface WeightsFile {
  /** The configuration of the run, with a value for each key. */
  readonly config: Readonly<Record<string, unknown>>;
  /** The names of the labels, empty for an unconditional model. */
  readonly labels: readonly string[];
  /** `NETWORK/LAYER/WEIGHT`, such as `critic/conv0/kernel`, in the layout of TensorFlow.js. */
  readonly arrays: Safetensors['arrays'];
}

/** The weights of all networks of a model, by name. */
export async function weightsOf({ networks }: VideoModel): Promise<Safetensors['arrays']> {
  const named = await Promise.all(
    weightsByName(networks).map(async ([name, weight]) => {
      const data = Float32Array.from(await weight.read().data());
      return [name, { shape: weight.shape as number[], data }] as const;
    }),
  );
  return new Map(named);
}

/**
 * Gives a model weights by their names.
 *
 * @throws SafetensorsError when they are not those of the model, or not all numbers. Nothing is
 * changed then.
 */
export function assignWeights({ networks }: VideoModel, arrays: Safetensors['arrays']): void {
  const weights = weightsByName(networks);
  for (const [name, { shape }] of weights) {
    const array = arrays.get(name);
    if (!array) throw new SafetensorsError(`there is no ${name}, which the model has`);
    if (String(array.shape) !== String(shape)) {
      throw new SafetensorsError(`${name} is [${array.shape}], but [${shape}] in the model`);
    }
    if (!array.data.every(Number.isFinite)) {
      throw new SafetensorsError(`${name} contains values that are not finite`);
    }
  }
  const names = new Set(weights.map(([name]) => name));
  const more = [...arrays.keys()].filter((name) => !names.has(name));
  if (more.length > 0) throw new SafetensorsError(`the model has no ${more.join(', ')}`);
  for (const [name, weight] of weights) {
    const { data, shape } = arrays.get(name)!;
    const value = tf.tensor(data, [...shape]);
    weight.write(value);
    value.dispose();
  }
}

function weightsByName(networks: VideoModel['networks']): [string, tf.LayerVariable][] {
  return Object.entries(networks).flatMap(([network, { weights }]) =>
    weights.map((weight): [string, tf.LayerVariable] => [
      `${network}/${weight.originalName}`,
      weight,
    ]),
  );
}

/** The bytes of a file; its metadata has the configuration and the labels as JSON. */
export function formatWeightsFile({ config, labels, arrays }: WeightsFile): Uint8Array {
  const [json, names] = [config, labels].map((value) => JSON.stringify(value));
  return formatSafetensors({ arrays, metadata: { format: 'tgan', config: json, labels: names } });
}
