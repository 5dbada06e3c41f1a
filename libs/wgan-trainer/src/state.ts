import { noiseStates, restoreNoise } from '@tgan/gan-layers';
import type { VideoModel } from '@tgan/video-gan';
import * as tf from '@tensorflow/tfjs';
import { z } from 'zod';
import type { RmsProp } from './rmsprop.js';
import {
  formatSafetensors,
  parseSafetensors,
  SafetensorsError,
  type FloatArray,
} from './safetensors.js';

const randomState = z.array(z.int32()).length(4);

const trainerProgress = z.strictObject({
  /** Steps done. */
  steps: z.int().min(0),
  /** Where the stream of the latents stands. */
  latents: randomState,
  /** Where the streams of the noise layers stand, by network. */
  noise: z.record(z.string(), z.array(randomState)),
});

/** Where a training run stands, beside its arrays. Plain JSON. */
export type TrainerProgress = z.output<typeof trainerProgress>;

/** All that a run needs to go on to the very same numbers, but for its real clips. */
export interface TrainerState {
  readonly progress: TrainerProgress;
  /**
   * `weight/NETWORK/LAYER/NAME` for each weight and running statistic, `mean-square/NETWORK/LAYER/NAME` for the
   * optimisers' mean squares, which are missing before the first step.
   */
  readonly arrays: ReadonlyMap<string, FloatArray>;
}

/** A state is damaged or belongs to another model. The message says where and how. */
export class TrainerStateError extends Error {
  override readonly name = 'TrainerStateError';
}

/** The parts of a trainer that change as it trains. */
export interface Trained {
  readonly model: VideoModel;
  readonly generatorOptimiser: RmsProp;
  readonly criticOptimiser: RmsProp;
}

/** Copies of a trainer's arrays. */
export async function readArrays(trained: Trained): Promise<Map<string, FloatArray>> {
  const entries = places(trained).flatMap(({ name, variable, meanSquares }) => {
    const meanSquare = meanSquares?.get(variable);
    const weight = [[`weight/${name}`, variable]] as [string, tf.Variable][];
    return meanSquare ? [...weight, [`mean-square/${name}`, meanSquare] as const] : weight;
  });
  return new Map(
    await Promise.all(
      entries.map(async ([name, variable]) => {
        const data = Float32Array.from(await variable.data());
        return [name, { shape: variable.shape, data }] as const;
      }),
    ),
  );
}

/**
 * Puts a state's arrays and noise streams in place.
 *
 * @throws TrainerStateError when they do not fit. Nothing is changed then.
 */
export function writeState(trained: Trained, { arrays, progress }: TrainerState): void {
  const all = places(trained);
  const { networks } = trained.model;
  const result = trainerProgress.safeParse(progress);
  if (!result.success) {
    const [{ path, message }] = result.error.issues;
    throw new TrainerStateError(`the state's ${path.join('.') || 'progress'}: ${message}`);
  }
  for (const [name, network] of Object.entries(networks)) {
    const [here, there] = [noiseStates(network).length, progress.noise[name]?.length ?? 0];
    if (here !== there) {
      throw new TrainerStateError(`${name} has ${here} noise layers, the state has ${there}`);
    }
  }
  const left = new Set(arrays.keys());
  const begun = progress.steps > 0;
  for (const { name, variable, meanSquares } of all) {
    for (const kind of begun && meanSquares ? ['weight', 'mean-square'] : ['weight']) {
      check(`${kind}/${name}`, variable.shape, arrays.get(`${kind}/${name}`));
      left.delete(`${kind}/${name}`);
    }
  }
  if (left.size > 0) {
    throw new TrainerStateError(`the state has more than the model: ${[...left].join(', ')}`);
  }

  trained.generatorOptimiser.dispose();
  trained.criticOptimiser.dispose();
  for (const { name, variable, meanSquares } of all) {
    tf.tidy(() => {
      variable.assign(tensorOf(arrays.get(`weight/${name}`)!));
      const meanSquare = arrays.get(`mean-square/${name}`);
      if (meanSquare) meanSquares?.set(variable, tf.variable(tensorOf(meanSquare), false));
    });
  }
  for (const [name, network] of Object.entries(networks)) {
    restoreNoise(network, progress.noise[name] ?? []);
  }
}

/** Where the noise streams of all networks stand, by network. */
export function readNoise({ networks }: VideoModel): TrainerProgress['noise'] {
  return Object.fromEntries(
    Object.entries(networks).map(([name, network]) => [
      name,
      noiseStates(network).map((state) => [...state]),
    ]),
  );
}

/** The bytes of a state: a safetensors file whose metadata has the rest as JSON. */
export function formatTrainerState({ progress, arrays }: TrainerState): Uint8Array {
  return formatSafetensors({ arrays, metadata: { progress: JSON.stringify(progress) } });
}

/**
 * Reads what {@link formatTrainerState} wrote.
 *
 * @throws SafetensorsError when the bytes are no safetensors file, or one without a state. Whether the state is sound
 * and fits a model is seen when a trainer restores it.
 */
export function parseTrainerState(bytes: Uint8Array): TrainerState {
  const { arrays, metadata } = parseSafetensors(bytes);
  try {
    return { arrays, progress: JSON.parse(metadata.progress) as TrainerProgress };
  } catch (error) {
    throw new SafetensorsError(
      `the metadata has no progress of a trainer: ${(error as Error).message}`,
    );
  }
}

/** Every weight of a model, with a name that is the same in another process, and its optimiser's state if it is learnt. */
function places({ model, generatorOptimiser, criticOptimiser }: Trained) {
  return Object.entries(model.networks).flatMap(([network, layers]) => {
    const optimiser = layers === model.critic ? criticOptimiser : generatorOptimiser;
    const learnt = new Set(layers.trainableWeights);
    return layers.weights.map((weight) => ({
      name: `${network}/${weight.originalName}`,
      variable: weight.read() as tf.Variable,
      meanSquares: learnt.has(weight) ? optimiser.meanSquares : undefined,
    }));
  });
}

function check(name: string, shape: number[], array: FloatArray | undefined): void {
  if (!array) throw new TrainerStateError(`the state has no ${name}`);
  if (String(array.shape) !== String(shape) || array.data.length !== tf.util.sizeFromShape(shape)) {
    throw new TrainerStateError(
      `${name} is [${array.shape}] in the state, [${shape}] in the model`,
    );
  }
  if (!array.data.every(Number.isFinite)) {
    throw new TrainerStateError(`${name} has values that are no numbers`);
  }
}

const tensorOf = ({ data, shape }: FloatArray) => tf.tensor(data.slice(), [...shape]);
