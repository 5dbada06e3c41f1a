import type { Communicator } from '@tgan/core';
import { clipModel, type ClipReport } from '@tgan/svc-constraint';
import * as tf from '@tensorflow/tfjs';

/**
 * Clips the singular values of a critic that all ranks have: each rank clips some of the layers and
 * gives them to the others.
 */
export async function clipTogether(
  critic: tf.LayersModel,
  communicator: Communicator,
): Promise<ClipReport> {
  const owners = assign(layersOf(critic), communicator.size);
  const isOwn = (layer: tf.layers.Layer) => owners.get(layer) === communicator.rank;
  const report = await clipModel(critic, { measure: false, layers: isOwn });
  for (const [layer, owner] of owners) {
    const variables = layer.trainableWeights.map((weight) => weight.read() as tf.Variable);
    if (variables.length === 0) continue;
    const own = owner === communicator.rank ? variables.map((v) => v.dataSync()) : [];
    const values = communicator.broadcast(own, owner);
    if (owner === communicator.rank) continue;
    variables.forEach((variable, i) =>
      tf.tidy(() => variable.assign(tf.tensor(values[i], variable.shape))),
    );
  }
  const reports = communicator.allGather(report);
  return {
    kernels: inOrder(
      critic,
      reports.flatMap(({ kernels }) => kernels),
    ),
    gammas: inOrder(
      critic,
      reports.flatMap(({ gammas }) => gammas),
    ),
    // A rank also skips what others clip.
    skipped: report.skipped.filter((name) =>
      reports.every(({ skipped }) => skipped.includes(name)),
    ),
  };
}

/** The layers of a model and of models within it. */
const layersOf = (model: tf.LayersModel): tf.layers.Layer[] =>
  model.layers.flatMap((layer) =>
    'layers' in layer ? layersOf(layer as unknown as tf.LayersModel) : [layer],
  );

/** Gives each layer to the rank that has the least to do, beginning with the largest layers. */
function assign(layers: readonly tf.layers.Layer[], ranks: number): Map<tf.layers.Layer, number> {
  const load = new Array<number>(ranks).fill(0);
  const largestFirst = layers
    .map((layer) => ({ layer, cost: costOf(layer) }))
    .sort((a, b) => b.cost - a.cost);
  return new Map(
    largestFirst.map(({ layer, cost }) => {
      const rank = load.indexOf(Math.min(...load));
      load[rank] += cost;
      return [layer, rank];
    }),
  );
}

/** Operations that the Gram matrices of the kernels and their eigenvalues take, roughly. */
function costOf({ trainableWeights }: tf.layers.Layer): number {
  const kernels = trainableWeights.filter(({ shape }) => shape.length > 1);
  const costs = kernels.map(({ shape }) => {
    const size = tf.util.sizeFromShape(shape as number[]);
    const outputs = shape.at(-1)!;
    const short = Math.min(outputs, size / outputs);
    return short * size + 9 * short ** 3;
  });
  return costs.reduce((sum, cost) => sum + cost, 0);
}

/** Reports of weights in the order of the critic's layers, as one process has them. */
function inOrder<T extends { readonly name: string }>(critic: tf.LayersModel, reports: T[]): T[] {
  const place = ({ name }: T) =>
    critic.layers.findIndex((layer) => name.startsWith(`${layer.name}/`));
  return reports.sort((a, b) => place(a) - place(b));
}
