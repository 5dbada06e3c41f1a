import { Random } from '@tgan/core';
import { expectClose } from '@tgan/tensor-fixtures';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { SimdBackend } from './backend.js';
import { isDirect } from './conv/choose.js';
import * as patches from './conv/columns.js';
import { direct } from './conv/direct.js';
import type { ConvGeometry } from './conv/geometry.js';
import * as tiles from './conv/winograd.js';
import { registerSimdBackend } from './register.js';

let backend: SimdBackend;
beforeAll(async () => {
  backend = await registerSimdBackend({ threads: 2 });
  await tf.setBackend('simd');
});

type Three = [number, number, number];

interface Case {
  batch: number;
  size: Three;
  kernel: Three;
  stride: Three;
  dilation: Three;
  inputs: number;
  outputs: number;
  pad: 'same' | 'valid';
  seed: number;
}

/** How many zeros come before the inputs of one axis, and how many outputs there are. */
function axis(size: number, kernel: number, stride: number, dilation: number, pad: string) {
  const span = (kernel - 1) * dilation + 1;
  if (pad === 'valid') return { outputs: Math.ceil((size - span + 1) / stride), before: 0 };
  const outputs = Math.ceil(size / stride);
  const total = (outputs - 1) * stride + span - size;
  return { outputs, before: Math.floor(total / 2) };
}

/** y = x * w and both adjoints, in double precision, from the definition. */
function definition(
  rank: 2 | 3,
  c: Case,
  x: Float32Array,
  w: Float32Array,
  dyAt: (i: number) => number,
) {
  const axes = c.size.map((n, i) => axis(n, c.kernel[i], c.stride[i], c.dilation[i], c.pad));
  // tfjs's conv3d skips inputs where the stride is longer than the kernel ("negative padding"); its
  // conv2d does not.
  if (rank === 2) axes.forEach((a) => (a.before = Math.max(0, a.before)));
  const out = axes.map(({ outputs }) => outputs);
  const count = c.batch * out[0] * out[1] * out[2] * c.outputs;
  const y = new Float64Array(count);
  const [dx, dw] = [new Float64Array(x.length), new Float64Array(w.length)];
  const input = (o: number, k: number, i: number) =>
    o * c.stride[i] - axes[i].before + k * c.dilation[i];
  const taps = c.kernel[0] * c.kernel[1] * c.kernel[2];
  let row = 0;
  for (let n = 0; n < c.batch; n++)
    for (let od = 0; od < out[0]; od++)
      for (let oh = 0; oh < out[1]; oh++)
        for (let ow = 0; ow < out[2]; ow++, row++)
          for (let tap = 0; tap < taps; tap++) {
            const kw = tap % c.kernel[2];
            const kh = Math.floor(tap / c.kernel[2]) % c.kernel[1];
            const kd = Math.floor(tap / c.kernel[2] / c.kernel[1]);
            const at = [input(od, kd, 0), input(oh, kh, 1), input(ow, kw, 2)];
            if (at.some((p, i) => p < 0 || p >= c.size[i])) continue;
            const pixel = ((n * c.size[0] + at[0]) * c.size[1] + at[1]) * c.size[2] + at[2];
            for (let ci = 0; ci < c.inputs; ci++)
              for (let co = 0; co < c.outputs; co++) {
                const [xi, wi] = [pixel * c.inputs + ci, (tap * c.inputs + ci) * c.outputs + co];
                const yi = row * c.outputs + co;
                y[yi] += x[xi] * w[wi];
                dx[xi] += dyAt(yi) * w[wi];
                dw[wi] += dyAt(yi) * x[xi];
              }
          }
  return { y, dx, dw, shape: [c.batch, ...out, c.outputs] };
}

/** Runs the kernels on a case and compares all three results with the definition. */
function check(c: Case, rank: 2 | 3): void {
  const random = new Random(c.seed);
  const spatial = rank === 3 ? [0, 1, 2] : [1, 2];
  const pick = (values: Three) => spatial.map((i) => values[i]);
  const xShape = [c.batch, ...pick(c.size), c.inputs];
  const wShape = [...pick(c.kernel), c.inputs, c.outputs];
  const values = (shape: number[]) => random.uniform(tf.util.sizeFromShape(shape), -1, 1);
  const [x, w] = [values(xShape), values(wShape)];
  const probe = definition(rank, c, x, w, () => 0);
  const dy = random.uniform(probe.y.length, -1, 1);
  const expected = definition(rank, c, x, w, (i) => dy[i]);
  const yShape = rank === 3 ? expected.shape : expected.shape.toSpliced(1, 1);
  const names =
    rank === 3
      ? ['Conv3D', 'Conv3DBackpropInputV2', 'Conv3DBackpropFilterV2']
      : ['Conv2D', 'Conv2DBackpropInput', 'Conv2DBackpropFilter'];
  tf.tidy(() => {
    const [tx, tw, tdy] = [tf.tensor(x, xShape), tf.tensor(w, wShape), tf.tensor(dy, yShape)];
    const attrs = {
      strides: pick(c.stride),
      dilations: pick(c.dilation),
      pad: c.pad,
      dataFormat: 'NHWC',
      inputShape: xShape,
      filterShape: wShape,
    };
    const run = (name: string, inputs: tf.NamedTensorMap) =>
      tf.engine().runKernel(name, inputs, attrs as never) as tf.Tensor;
    expectClose(run(names[0], { x: tx, filter: tw }), expected.y, 1e-5, 'y');
    expectClose(run(names[1], { dy: tdy, filter: tw }), expected.dx, 1e-5, 'dx');
    expectClose(run(names[2], { x: tx, dy: tdy }), expected.dw, 1e-5, 'dw');
  });
}

/** Compares convolutions in tiles of these kinds with the definition. */
function checkTiles(c: Case, ...all: tiles.Kinds[]): void {
  const random = new Random(c.seed);
  const g: ConvGeometry = {
    ...{ batch: c.batch, xSize: c.size, xChannels: c.inputs, yChannels: c.outputs },
    ...{ kernel: c.kernel, stride: c.stride, dilation: c.dilation },
    ySize: c.size.map((n, i) => n / c.stride[i]) as Three,
    pad: c.kernel.map((k) => (k === 4 ? 1 : 0)) as Three,
  };
  const size = (...parts: (number | readonly number[])[]) => parts.flat().reduce((a, b) => a * b);
  const x = random.uniform(size(c.batch, c.size, c.inputs), -1, 1);
  const w = random.uniform(size(c.kernel, c.inputs, c.outputs), -1, 1);
  const dy = random.uniform(size(c.batch, g.ySize, c.outputs), -1, 1);
  const expected = definition(3, c, x, w, (i) => dy[i]);
  for (const kinds of all) {
    tf.tidy(() => {
      const address = (t: tf.Tensor) => backend.address(t);
      const [tx, tw, tdy] = [x, w, dy].map((values) => address(tf.tensor1d(values)));
      const [y, dx, dw] = [dy, x, w].map((values) => tf.zeros([values.length]));
      const tiling = new tiles.Tiling(g, kinds);
      backend.scratch([tiling.filterBytes], (u) => {
        tiles.transformFilter(backend, tiling, tw, u);
        tiles.forward(backend, tiling, tx, u, address(y));
        tiles.inputGradient(backend, tiling, tdy, u, address(dx));
      });
      tiles.filterGradient(backend, tiling, tx, tdy, address(dw));
      expectClose(y, expected.y, 1e-5, `y by tiles of ${kinds}`);
      expectClose(dx, expected.dx, 1e-5, `dx by tiles of ${kinds}`);
      expectClose(dw, expected.dw, 1e-5, `dw by tiles of ${kinds}`);
    });
  }
}

const three = (from: number, to: number) =>
  fc.tuple(
    fc.integer({ min: from, max: to }),
    fc.integer({ min: from, max: to }),
    fc.integer({ min: from, max: to }),
  );
const anyCase: fc.Arbitrary<Case> = fc
  .record({
    batch: fc.integer({ min: 1, max: 3 }),
    size: three(1, 7),
    kernel: three(1, 4),
    stride: three(1, 3),
    dilation: three(1, 2),
    inputs: fc.constantFrom(1, 2, 3, 4, 5, 8),
    outputs: fc.constantFrom(1, 2, 3, 7, 8, 16, 72),
    pad: fc.constantFrom('same' as const, 'valid' as const),
    seed: fc.nat(1e6),
  })
  .filter((c) => c.pad === 'same' || c.size.every((n, i) => n > (c.kernel[i] - 1) * c.dilation[i]));

/** Kernel 4, stride 2 on even sizes and channels in eights: what the tiles take. */
const tiledCase: fc.Arbitrary<Case> = fc
  .record({
    batch: fc.integer({ min: 1, max: 5 }),
    halves: three(1, 6),
    along: fc.constantFrom<Three>([1, 1, 1], [0, 1, 1], [0, 0, 1], [0, 1, 0], [1, 0, 1]),
    inputs: fc.constantFrom(8, 16, 24),
    outputs: fc.constantFrom(8, 24, 40),
    seed: fc.nat(1e6),
  })
  .map(({ halves, along, ...rest }) => ({
    ...rest,
    size: halves.map((n, i) => (along[i] ? 2 * n : Math.min(n, 2))) as Three,
    kernel: along.map((on) => (on ? 4 : 1)) as Three,
    stride: along.map((on) => (on ? 2 : 1)) as Three,
    dilation: [1, 1, 1] as Three,
    pad: 'same' as const,
  }));

describe('convolutions and their gradients, against their definition in double precision', () => {
  it('3-D, any kernel, stride, dilation, padding and channels', () => {
    fc.assert(
      fc.property(anyCase, (c) => check(c, 3)),
      { numRuns: 150 },
    );
  });

  it('2-D (and 1-D, which is an image one pixel high)', () => {
    const flat = anyCase.map((c) => ({
      ...c,
      size: [1, c.size[1], c.size[2]] as Three,
      kernel: [1, c.kernel[1], c.kernel[2]] as Three,
      stride: [1, c.stride[1], c.stride[2]] as Three,
      dilation: [1, c.dilation[1], c.dilation[2]] as Three,
    }));
    fc.assert(
      fc.property(flat, (c) => check(c, 2)),
      { numRuns: 150 },
    );
  });

  it('kernel 4 and stride 2, by tiles', () => {
    fc.assert(
      fc.property(tiledCase, (c) => check(c, 3)),
      { numRuns: 60 },
    );
  });

  it('layers of the paper, with fewer channels or frames', () => {
    const layer = (size: Three, kernel: Three, inputs: number, outputs: number): Case => ({
      ...{ batch: 2, size, kernel, inputs, outputs, pad: 'same', seed: 1 },
      dilation: [1, 1, 1],
      stride: kernel.map((k) => (k === 4 ? 2 : 1)) as Three,
    });
    check(layer([4, 16, 16], [4, 4, 4], 3, 16), 3);
    check(layer([4, 16, 16], [4, 4, 4], 32, 64), 3);
    check(layer([2, 8, 8], [4, 4, 4], 64, 64), 3);
    check(layer([1, 32, 32], [1, 4, 4], 32, 32), 2);
    check(layer([1, 32, 32], [1, 3, 3], 3, 32), 2);
    check(layer([1, 1, 8], [1, 1, 4], 64, 64), 2);
  });

  it('tiles of every size, also where others are faster', () => {
    const twos = [2, 2, 2] as Three;
    const three: Case = {
      ...{ batch: 2, size: [8, 8, 8], kernel: [4, 4, 4], stride: twos, dilation: [1, 1, 1] },
      ...{ inputs: 16, outputs: 24, pad: 'same', seed: 1 },
    };
    const two: Case = { ...three, size: [1, 8, 8], kernel: [1, 4, 4], stride: [1, 2, 2] };
    // More channels than the transforms take side by side.
    const wide: Case = { ...three, batch: 1, size: [4, 4, 4], inputs: 136, outputs: 136 };
    checkTiles(three, [2, 2, 2], [2, 4, 4], [4, 4, 4], [4, 2, 4]);
    checkTiles(two, [0, 2, 2], [0, 4, 4], [0, 4, 2]);
    checkTiles(wide, [4, 4, 4]);
  });

  it('the direct way to the same bits as by unfolded patches', () => {
    const g: ConvGeometry = {
      ...{ batch: 2, xSize: [3, 9, 11], xChannels: 9, ySize: [3, 9, 11], yChannels: 20 },
      ...{ kernel: [3, 3, 3], stride: [1, 1, 1], pad: [1, 1, 1], dilation: [1, 1, 1] },
    };
    expect(isDirect(g, false)).toBe(true);
    expect(isDirect({ ...g, xChannels: 10 }, false)).toBe(false);
    const random = new Random(1);
    const values = (size: number) => backend.address(tf.tensor1d(random.uniform(size, -1, 1)));
    tf.tidy(() => {
      const [x, w] = [values(2 * 297 * 9), values(27 * 9 * 20)];
      const [y, expected] = [tf.zeros([2 * 297 * 20]), tf.zeros([2 * 297 * 20])];
      backend.scratch([patches.filterPanelBytes(g)], (panels) => {
        patches.filterPanels(backend, g, w, panels);
        patches.forward(backend, g, x, panels, backend.address(expected));
        direct(backend, g, x, panels, backend.address(y));
      });
      expect(y.dataSync()).toEqual(expected.dataSync());
    });
  });
});
