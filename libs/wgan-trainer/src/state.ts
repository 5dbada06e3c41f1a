import { Random } from '@tgan/core';
import { noiseStates, restoreNoise } from '@tgan/gan-layers';
import * as tf from '@tensorflow/tfjs';
import * as z from 'zod';
import type { Constraint } from './constraints/constraint.js';
import type { Gan } from './gan.js';
import type { Objective } from './objectives/objective.js';
import type { ParameterGroup } from './parameter-group.js';
import {
  formatSafetensors,
  parseSafetensors,
  SafetensorsError,
  type FloatArray,
} from './safetensors.js';
import type { WeightAverage } from './weight-average.js';
import { portableNames } from './weight-names.js';

const randomState = z.array(z.int32()).length(4);

const trainerProgress = z.strictObject({
  /**
   * Missing in states of versions before 0.2. There a Wasserstein critic ascended its gradient, so
   * Adam's mean gradient of its weights has the other sign.
   */
  version: z.literal(2).optional(),
  /** Steps done. */
  steps: z.int().min(0),
  /** Steps of each network's optimizer. */
  updates: z.strictObject({ generator: z.int().min(0), critic: z.int().min(0) }),
  /** The state of the stream of latents. */
  latents: randomState,
  /** The states of the streams of the noise layers, by network. */
  noise: z.record(z.string(), z.array(randomState)),
});

/** The part of a state that is not arrays. Plain JSON. */
export type TrainerProgress = z.output<typeof trainerProgress>;

/** Everything that a run needs to continue with the same bits, except its real samples. */
export interface TrainerState {
  readonly progress: TrainerProgress;
  /**
   * `weight/NETWORK/LAYER/NAME` for each weight and running statistic, and
   * `ACCUMULATOR/NETWORK/LAYER/NAME` for each of its optimizer's accumulators: `mean-square` of
   * RMSProp, `mean` and `mean-square` of Adam. `average/NETWORK/LAYER/NAME` is the moving average,
   * if there is one. Layers without a name are numbered within their network.
   */
  readonly arrays: ReadonlyMap<string, FloatArray>;
}

/** A state is damaged or belongs to another model. The message says where and how. */
export class TrainerStateError extends Error {
  override readonly name = 'TrainerStateError';
}

/** The parts of a trainer that its state depends on. */
export interface Trained {
  readonly model: Gan;
  readonly objective: Objective;
  readonly constraint: Constraint;
  readonly generator: ParameterGroup;
  readonly critic: ParameterGroup;
  readonly average?: WeightAverage;
  random: Random;
  stepsDone: number;
}

/** Copies the state of a trainer. */
export async function readState(trained: Trained): Promise<TrainerState> {
  const { model, generator, critic, random, stepsDone } = trained;
  const noise = Object.entries(model.networks).map(([name, network]) => {
    return [name, noiseStates(network).map((state) => [...state])];
  });
  const progress: TrainerProgress = {
    version: 2,
    steps: stepsDone,
    updates: { generator: generator.updates, critic: critic.updates },
    latents: [...random.state],
    noise: Object.fromEntries(noise),
  };
  const arrays = [...arraysOf(trained)].map(async ([name, variable]) => {
    const data = Float32Array.from(await variable.data());
    return [name, { shape: variable.shape, data }] as const;
  });
  return { progress, arrays: new Map(await Promise.all(arrays)) };
}

/**
 * Restores a state into a trainer.
 *
 * @throws TrainerStateError when it does not fit. Nothing is changed then.
 */
export function writeState(trained: Trained, { arrays: given, progress }: TrainerState): void {
  const arrays = withPortableNames(given);
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

  const ascended = ascendedMeans(trained, progress);
  for (const [name, variable] of variables) {
    const { data, shape } = arrays.get(name)!;
    tf.tidy(() => {
      const values = tf.tensor(data.slice(), [...shape]);
      variable.assign(ascended.has(variable) ? values.neg() : values);
    });
  }
  trained.generator.updates = progress.updates.generator;
  trained.critic.updates = progress.updates.critic;
  for (const [name, network] of Object.entries(networks)) {
    restoreNoise(network, progress.noise[name] ?? []);
  }
  trained.stepsDone = progress.steps;
  trained.random = Random.restore(progress.latents);
}

/** The accumulators whose sign differs in states from before version 2. */
function ascendedMeans({ objective, constraint, critic }: Trained, progress: TrainerProgress) {
  const ascended = progress.version === undefined && objective.zeroSum && !constraint.penalty;
  const mean = critic.optimizer.accumulators.indexOf('mean');
  if (!ascended || mean < 0) return new Set<tf.Variable>();
  return new Set([...critic.accumulators.values()].map((accumulators) => accumulators[mean]));
}

/** The bytes of a state: a safetensors file whose metadata has the rest as JSON. */
export function formatTrainerState({ progress, arrays }: TrainerState): Uint8Array {
  return formatSafetensors({ arrays, metadata: { progress: JSON.stringify(progress) } });
}

/**
 * Reads what {@link formatTrainerState} wrote.
 *
 * @throws SafetensorsError when the bytes are not a safetensors file, or hold no state. Restoring
 * checks whether the state is sound and fits the model.
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

/** Every array of a state, under names that are the same in another process. */
function arraysOf({ model, generator, critic, average }: Trained): Map<string, tf.Variable> {
  const arrays = new Map<string, tf.Variable>();
  for (const [network, layers] of Object.entries(model.networks)) {
    const { accumulators, optimizer } = layers === model.critic ? critic : generator;
    const names = portableNames(layers.weights.map(({ originalName }) => originalName));
    layers.weights.forEach((weight, index) => {
      const name = `${network}/${names[index]}`;
      const variable = weight.read() as tf.Variable;
      arrays.set(`weight/${name}`, variable);
      optimizer.accumulators.forEach((accumulator, i) => {
        const array = accumulators.get(variable)?.[i];
        if (array) arrays.set(`${accumulator}/${name}`, array);
      });
      const averaged = average?.averages.get(variable);
      if (averaged) arrays.set(`average/${name}`, averaged);
    });
  }
  return arrays;
}

/** The arrays of a state from before layers without a name were numbered by network. */
function withPortableNames(arrays: TrainerState['arrays']): Map<string, FloatArray> {
  const renamed = new Map<string, FloatArray>();
  const networks = new Set([...arrays.keys()].map((name) => name.split('/')[1]));
  for (const network of networks) {
    const names = [...arrays.keys()].filter((name) => name.split('/')[1] === network);
    portableNames(names).forEach((name, i) => renamed.set(name, arrays.get(names[i])!));
  }
  return renamed;
}

function check(name: string, shape: number[], array: FloatArray | undefined): void {
  if (!array) throw new TrainerStateError(`the state has no ${name}`);
  if (String(array.shape) !== String(shape) || array.data.length !== tf.util.sizeFromShape(shape)) {
    throw new TrainerStateError(
      `${name} is [${array.shape}] in the state, [${shape}] in the trainer`,
    );
  }
  if (!array.data.every(Number.isFinite)) {
    throw new TrainerStateError(`${name} contains values that are not finite`);
  }
}
