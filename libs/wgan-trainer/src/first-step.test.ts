// The first step of every objective with every constraint, against the formulas, on the networks of
// the reference.
import {
  assignWeights,
  chainerGanWeights,
  type ChainerArray,
  type ChainerWeight,
} from '@tgan/chainer';
import { Random } from '@tgan/core';
import { registerSimdBackend } from '@tgan/simd-backend';
import { expectClose, loadReference, type ReferenceNetwork } from '@tgan/tensor-fixtures';
import { VideoGan } from '@tgan/video-gan';
import * as tf from '@tensorflow/tfjs';
import { Matrix, SingularValueDecomposition } from 'ml-matrix';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Constraint } from './constraints/constraint.js';
import { unconstrained } from './constraints/none.js';
import { spectralNormalization } from './constraints/spectral-norm.js';
import { singularValueClipping } from './constraints/svc.js';
import { weightClipping } from './constraints/weight-clipping.js';
import { lossGradients } from './gradients.js';
import { hinge } from './objectives/hinge.js';
import { leastSquares } from './objectives/least-squares.js';
import { crossEntropy } from './objectives/normal.js';
import type { Objective } from './objectives/objective.js';
import { wasserstein } from './objectives/wasserstein.js';
import { clips, scores, toFloat64, type Parameters, type Volume } from './testing/plain-gan.js';
import { WganTrainer } from './trainer.js';

const reference = loadReference();
const { zDim, g0, g1, d, batch, slope, lr } = reference.config;
const networks = ['fsgen', 'vgen', 'vdis'] as const;

const { exp, log1p, max, min, sqrt } = Math;
const mean = (values: readonly number[], f: (value: number) => number) =>
  values.reduce((sum, value) => sum + f(value), 0) / values.length;
/** -log sigmoid(x) */
const surprise = (x: number) => log1p(exp(-x));

/** What each network descends, of the scores of real clips x and generated clips g. */
const losses: Record<
  string,
  { objective: Objective; critic(x: number[], g: number[]): number; generator(g: number[]): number }
> = {
  wasserstein: {
    objective: wasserstein,
    critic: (x, g) => mean(g, (s) => s) - mean(x, (s) => s),
    generator: (g) => -mean(g, (s) => s),
  },
  'cross entropy': {
    objective: crossEntropy,
    critic: (x, g) => mean(x, surprise) + mean(g, (s) => surprise(-s)),
    generator: (g) => mean(g, surprise),
  },
  'least squares': {
    objective: leastSquares,
    critic: (x, g) => (mean(x, (s) => (s - 1) ** 2) + mean(g, (s) => s ** 2)) / 2,
    generator: (g) => mean(g, (s) => (s - 1) ** 2) / 2,
  },
  hinge: {
    objective: hinge(),
    critic: (x, g) => mean(x, (s) => max(0, 1 - s)) + mean(g, (s) => max(0, 1 + s)),
    generator: (g) => -mean(g, (s) => s),
  },
};

const start = Object.fromEntries(
  networks.map((network) => [network, toFloat64(reference.snapshot('init', network))]),
) as Record<ReferenceNetwork, Parameters>;
const z0 = Array.from({ length: batch }, (_, n) => [
  ...reference.z0(0).subarray(n * zDim, (n + 1) * zDim),
]);
const { shape, data } = reference.array('real');
const real: Volume = {
  shape: shape.slice(1) as unknown as Volume['shape'],
  data: Float64Array.from((data as Float32Array).subarray(0, data.length / shape[0])),
};

/** The scores of real and generated clips with some parameters. */
function scoresWith(p: Record<ReferenceNetwork, Parameters>): { x: number[]; g: number[] } {
  const made = clips(p.fsgen, p.vgen, z0);
  return { x: scores(p.vdis, real, slope), g: scores(p.vdis, made, slope) };
}

/**
 * A GAN that stands where the reference began, with the latents of its first step, and names for
 * its weights.
 */
function referenceGan() {
  const gan = new VideoGan({
    latentSize: zDim,
    channels: 1,
    temporalWidths: [...g0],
    imageWidths: [1, 2, 4, 8, 16].map((part) => g1 / part),
    criticWidths: [1, 2, 4, 8].map((times) => d * times),
  });
  const pairs = chainerGanWeights(gan, {
    fsgen: reference.snapshot('init', 'fsgen'),
    vgen: reference.snapshot('init', 'vgen'),
    vdis: reference.snapshot('init', 'vdis'),
  });
  const learned = networks.flatMap((network) =>
    pairs[network]
      .filter(({ variable }) => variable.trainable)
      .map((pair) => ({ ...pair, network })),
  );
  Object.values(pairs).forEach(assignWeights);
  vi.spyOn(gan, 'latents').mockImplementation(() => tf.tensor2d(z0));
  return { gan, learned };
}

/** Values of an array of the original code in the layout of our weight. Inside tf.tidy. */
function inOurLayout(
  gan: VideoGan,
  network: ReferenceNetwork,
  source: string,
  data: Float64Array,
): tf.Tensor {
  const snapshots = Object.fromEntries(
    networks.map((name) => [
      name,
      new Map<string, ChainerArray>(reference.snapshot('init', name) as never),
    ]),
  ) as Record<ReferenceNetwork, Map<string, ChainerArray>>;
  const arrays = snapshots[network];
  arrays.set(source, { shape: arrays.get(source)!.shape, data });
  return chainerGanWeights(gan, snapshots)[network].find((pair) => pair.source === source)!.value;
}

const realClips = () => {
  const { data, shape } = reference.real(0);
  return { samples: tf.tensor5d(data, shape) };
};

/** A bias right before a batch norm has no gradient but rounding noise. */
const isMoot = ({ source, network }: Pick<ChainerWeight, 'source'> & { network: string }) =>
  source.endsWith('/b') &&
  (network === 'fsgen' ? source !== 'dc4/b' : network === 'vdis' && /^c[123]/.test(source));

/** Those of the first step, for both networks. */
function gradientsOf(gan: VideoGan, objective: Objective) {
  const [batch, latents] = [realClips(), tf.tensor2d(z0)];
  const { real, fake, gradients } = lossGradients(gan, objective, batch, latents, {
    generator: true,
  });
  tf.dispose([batch.samples, latents]);
  return { gradients, scores: { real, fake } };
}

beforeAll(async () => {
  await registerSimdBackend({ threads: 1 });
  await tf.setBackend('simd');
});
afterAll(() => tf.setBackend('cpu'));

it('the plain networks have the scores of the reference', () => {
  const { x, g } = scoresWith(start);
  expectClose(x, reference.array('step1/d_real').data as Float32Array, 1e-6);
  expectClose(g, reference.array('step1/d_fake').data as Float32Array, 1e-6);
});

describe('the gradients of the first step', () => {
  /** The scores a little ahead and behind on a way through all learned arrays of a network. */
  interface Way {
    readonly network: ReferenceNetwork;
    readonly arrays: ReadonlyMap<string, Float64Array>;
    readonly ahead: ReturnType<typeof scoresWith>;
    readonly behind: ReturnType<typeof scoresWith>;
  }
  const STEP = 1e-8;
  const ways: Way[] = [];

  beforeAll(() => {
    const random = new Random(3);
    const { gan, learned } = referenceGan();
    // Of an objective for which every array has a gradient.
    const { gradients } = gradientsOf(gan, crossEntropy);
    for (const network of [...networks, ...networks]) {
      const arrays = new Map<string, Float64Array>();
      for (const { source, variable } of learned.filter((one) => one.network === network)) {
        if (isMoot({ source, network })) continue;
        // Scaled so that every array has as much of a say as another.
        const size = tf.tidy(() => gradients[variable.name].norm().dataSync()[0]);
        const way = random.uniform(tf.util.sizeFromShape(variable.shape as number[]), -1, 1);
        arrays.set(
          source,
          Float64Array.from(way, (value) => value / size),
        );
      }
      const moved = (distance: number) => {
        const parameters = [...start[network]].map(([name, { shape, data }]) => {
          const way = arrays.get(name);
          const there = way ? data.map((weight, i) => weight + distance * way[i]) : data;
          return [name, { shape, data: there }] as const;
        });
        return scoresWith({ ...start, [network]: new Map(parameters) });
      };
      ways.push({ network, arrays, ahead: moved(STEP), behind: moved(-STEP) });
    }
    tf.dispose(gradients);
    gan.dispose();
  }, 120_000);

  it.each(Object.entries(losses))(
    'are those of the formulas: %s',
    (_, { objective, critic, generator }) => {
      const { gan, learned } = referenceGan();
      const { gradients } = gradientsOf(gan, objective);
      expect(ways.map(({ arrays }) => arrays.size)).toEqual([14, 20, 10, 14, 20, 10]);
      for (const { network, arrays, ahead, behind } of ways) {
        const loss = ({ x, g }: typeof ahead) => (network === 'vdis' ? critic(x, g) : generator(g));
        const expected = (loss(ahead) - loss(behind)) / (2 * STEP);
        const terms = [...arrays].map(([source, way]) =>
          tf.tidy(() => {
            const pair = learned.find((one) => one.network === network && one.source === source)!;
            const gradient = gradients[pair.variable.name];
            return gradient
              .mul(inOurLayout(gan, network, source, way))
              .sum()
              .dataSync()[0];
          }),
        );
        const actual = terms.reduce((sum, term) => sum + term, 0);
        expect(Math.abs(actual - expected), network).toBeLessThan(1e-4 * Math.hypot(...terms));
      }
      tf.dispose(gradients);
      gan.dispose();
    },
  );
});

describe('the weights after the first step', () => {
  /** U f(S) V' of a kernel in our layout, the outputs last. */
  const reshaped = (kernel: readonly number[], outputs: number, f: (s: number[]) => number[]) => {
    const matrix = Matrix.from1DArray(kernel.length / outputs, outputs, [...kernel]);
    const svd = new SingularValueDecomposition(matrix, { autoTranspose: true });
    const scaled = svd.leftSingularVectors.mmul(Matrix.diag(f(svd.diagonal)));
    return scaled.mmul(svd.rightSingularVectors.transpose()).to1DArray();
  };
  const between = (low: number, high: number) => (x: number) => min(max(x, low), high);
  const same = (x: number) => x;
  const scaleOf = (gamma: number, variance: number) =>
    between(0.01 * sqrt(variance), sqrt(variance))(gamma);

  /**
   * Each constraint, and what becomes of the critic's kernels, of its scales beside a running
   * variance, of biases.
   */
  const constraints: Record<
    string,
    {
      constraint: Constraint;
      kernel(values: number[], outputs: number): number[];
      gamma(value: number, variance: number): number;
      bias(value: number): number;
    }
  > = {
    'no constraint': {
      constraint: unconstrained,
      kernel: (values) => values,
      gamma: same,
      bias: same,
    },
    'weight clipping': {
      constraint: weightClipping(0.01),
      kernel: (values) => values.map(between(-0.01, 0.01)),
      gamma: between(-0.01, 0.01),
      bias: between(-0.01, 0.01),
    },
    'singular value clipping': {
      constraint: singularValueClipping(1),
      kernel: (values, outputs) => reshaped(values, outputs, (all) => all.map((s) => min(1, s))),
      gamma: scaleOf,
      bias: same,
    },
    'spectral normalization': {
      constraint: spectralNormalization(1),
      kernel: (values, outputs) => reshaped(values, outputs, (all) => all.map((s) => s / all[0])),
      gamma: scaleOf,
      bias: same,
    },
  };
  const cases = Object.keys(losses).flatMap((objective) =>
    Object.keys(constraints).map((constraint) => [objective, constraint] as const),
  );
  const scores = scoresWith(start);

  it.each(cases)('are those of the formulas: %s, %s', async (name, constrained) => {
    const { objective } = losses[name];
    const { constraint, kernel, gamma, bias } = constraints[constrained];
    const [{ gan, learned }, other] = [referenceGan(), referenceGan()];
    const { gradients } = gradientsOf(other.gan, objective);
    const descended = learned.map(({ variable }, i) => {
      const g = gradients[other.learned[i].variable.name].dataSync();
      // RMSProp from a mean square of zero.
      return Array.from(
        variable.read().dataSync(),
        (weight, k) => weight - (lr * g[k]) / (sqrt(0.01 * g[k] ** 2) + 1e-8),
      );
    });
    const trainer = new WganTrainer(gan, { objective, constraint, learningRate: lr });
    const { real, fake } = await trainer.step(async () => realClips());
    expect(real).toBeCloseTo(mean(scores.x, same), 5);
    expect(fake).toBeCloseTo(mean(scores.g, same), 5);

    const variances = new Map(
      gan.critic.weights
        .filter(({ name }) => name.includes('moving_variance'))
        .map((weight) => [weight.name.split('/')[0], weight.read().dataSync()]),
    );
    learned.forEach(({ variable, source, network }, i) => {
      // Rounding alone moves these: their gradients should be zero.
      if (isMoot({ source, network })) return;
      let expected = descended[i];
      if (network === 'vdis') {
        const variance = variances.get(variable.name.split('/')[0]);
        expected = source.endsWith('/W')
          ? kernel(expected, variable.shape.at(-1)!)
          : expected.map((value, k) =>
              source.endsWith('gamma') ? gamma(value, variance![k]) : bias(value),
            );
      }
      expectClose(variable.read(), expected, 1e-4, `${network}/${source}`);
    });
    tf.dispose(gradients);
    trainer.dispose();
    gan.dispose();
    other.gan.dispose();
  });
});
