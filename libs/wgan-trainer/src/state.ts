import { noiseStates, restoreNoise } from '@tgan/gan-layers';
import type { VideoModel } from '@tgan/video-gan';
import * as tf from '@tensorflow/tfjs';
import { z } from 'zod';
import type { Player } from './player.js';
import {
  formatSafetensors,
  parseSafetensors,
  SafetensorsError,
  type FloatArray,
} from './safetensors.js';
import type { WeightAverage } from './weight-average.js';

const randomState = z.array(z.int32()).length(4);

const trainerProgress = z.strictObject({
  /** Steps done. */
  steps: z.int().min(0),
  /** Steps that each player's optimizer took. */
  updates: z.strictObject({ generator: z.int().min(0), critic: z.int().min(0) }),
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
   * `weight/NETWORK/LAYER/NAME` for each weight and running statistic, and `SLOT/NETWORK/LAYER/NAME` for what the
   * optimizer remembers of it: `mean-square` of RMSProp, `mean` and `mean-square` of Adam. `average/NETWORK/LAYER/NAME` is the moving average, if there is one.
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
  readonly generator: Player;
  readonly critic: Player;
  readonly average?: WeightAverage;
}

/** Copies of a trainer's arrays. */
export async function readArrays(trained: Trained): Promise<Map<string, FloatArray>> {
  return new Map(
    await Promise.all(
      [...arraysOf(trained)].map(async ([name, variable]) => {
        const data = Float32Array.from(await variable.data());
        return [name, { shape: variable.shape, data }] as const;
      }),
    ),
  );
}

/**
 * Puts a state's arrays, counts of updates and noise streams in place.
 *
 * @throws TrainerStateError when they do not fit. Nothing is changed then.
 */
export function writeState(trained: Trained, { arrays, progress }: TrainerState): void {
  const variables = arraysOf(trained);
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
  for (const [name, { shape }] of variables) check(name, shape, arrays.get(name));
  const more = [...arrays.keys()].filter((name) => !variables.has(name));
  if (more.length > 0) {
    throw new TrainerStateError(`the state has more than the trainer: ${more.join(', ')}`);
  }

  for (const [name, variable] of variables) {
    const { data, shape } = arrays.get(name)!;
    tf.tidy(() => variable.assign(tf.tensor(data.slice(), [...shape])));
  }
  trained.generator.updates = progress.updates.generator;
  trained.critic.updates = progress.updates.critic;
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

/** Everything that changes, under names that are the same in another process. */
function arraysOf({ model, generator, critic, average }: Trained): Map<string, tf.Variable> {
  const arrays = new Map<string, tf.Variable>();
  for (const [network, layers] of Object.entries(model.networks)) {
    const { slots, optimizer } = layers === model.critic ? critic : generator;
    for (const weight of layers.weights) {
      const name = `${network}/${weight.originalName}`;
      const variable = weight.read() as tf.Variable;
      arrays.set(`weight/${name}`, variable);
      slots.get(variable)?.forEach((slot, i) => arrays.set(`${optimizer.slots[i]}/${name}`, slot));
      const averaged = average?.averages.get(variable);
      if (averaged) arrays.set(`average/${name}`, averaged);
    }
  }
  return arrays;
}

function check(name: string, shape: number[], array: FloatArray | undefined): void {
  if (!array) throw new TrainerStateError(`the state has no ${name}`);
  if (String(array.shape) !== String(shape) || array.data.length !== tf.util.sizeFromShape(shape)) {
    throw new TrainerStateError(
      `${name} is [${array.shape}] in the state, [${shape}] in the trainer`,
    );
  }
  if (!array.data.every(Number.isFinite)) {
    throw new TrainerStateError(`${name} has values that are no numbers`);
  }
}
