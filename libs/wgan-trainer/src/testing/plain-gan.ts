// The networks of the reference once more, in plain loops over float64, forward only: what ours are
// compared with.
import type { NpyArray } from '@tgan/core';

/** Values of (batch, channels, time, height, width), in that order. */
export interface Volume {
  readonly shape: readonly [number, number, number, number, number];
  readonly data: Float64Array;
}

/** The parameters of a network by the original code's names, in its layouts. */
export type Parameters = ReadonlyMap<
  string,
  { readonly shape: readonly number[]; readonly data: Float64Array }
>;

type Triple = readonly [number, number, number];

export const toFloat64 = (arrays: ReadonlyMap<string, NpyArray>): Parameters =>
  new Map(
    [...arrays].map(([name, { shape, data }]) => [
      name,
      { shape, data: Float64Array.from(data as Float32Array) },
    ]),
  );

/** D: clips to a score each. Batch norm takes the statistics of these clips. */
export function scores(d: Parameters, clips: Volume, slope: number): number[] {
  const leaky = (x: number) => (x > 0 ? x : slope * x);
  let h = clips;
  for (let layer = 0; layer < 4; layer++) {
    h = convolution(h, d, `c${layer}`, [2, 2, 2], [1, 1, 1]);
    h = map(layer > 0 ? batchNorm(h, d, `bn${layer}`) : h, leaky);
  }
  return [...convolution(h, d, 'c4', [1, 1, 1], [0, 0, 0]).data];
}

/** G: latents, a row a video, to clips. */
export function clips(g0: Parameters, g1: Parameters, z0: readonly number[][]): Volume {
  const relu = (x: number) => Math.max(0, x);
  const count = z0.length;
  let z1: Volume = { shape: [count, z0[0].length, 1, 1, 1], data: Float64Array.from(z0.flat()) };
  for (let layer = 0; layer < 4; layer++) {
    const step = layer === 0 ? 1 : 2;
    const moved = deconvolution(z1, g0, `dc${layer}`, [1, 1, step], [0, 0, layer === 0 ? 0 : 1]);
    z1 = map(batchNorm(moved, g0, `bn${layer}`), relu);
  }
  z1 = map(deconvolution(z1, g0, 'dc4', [1, 1, 2], [0, 0, 1]), Math.tanh);

  const frames = z1.shape[4];
  const rows = z0.flatMap((z, n) =>
    Array.from({ length: frames }, (_, t) => ({
      slow: z,
      fast: Array.from(
        { length: z1.shape[1] },
        (_, c) => z1.data[(n * z1.shape[1] + c) * frames + t],
      ),
    })),
  );
  const start = (name: string, part: 'slow' | 'fast') => {
    const { shape, data } = g1.get(`l0${name}/W`)!;
    const linear = rows.flatMap((row) =>
      Array.from({ length: shape[0] }, (_, o) =>
        row[part].reduce((sum, x, i) => sum + data[o * shape[1] + i] * x, 0),
      ),
    );
    const flat: Volume = {
      shape: [rows.length, shape[0], 1, 1, 1],
      data: Float64Array.from(linear),
    };
    return map(batchNorm(flat, g1, `bn0${name}`), relu);
  };
  const [slow, fast] = [start('s', 'slow'), start('f', 'fast')];
  const half = slow.shape[1];
  const joined = new Float64Array(rows.length * 2 * half);
  rows.forEach((_, r) => {
    joined.set(slow.data.subarray(r * half, (r + 1) * half), 2 * r * half);
    joined.set(fast.data.subarray(r * half, (r + 1) * half), (2 * r + 1) * half);
  });
  let h: Volume = { shape: [rows.length, (2 * half) / 16, 1, 4, 4], data: joined };
  for (let layer = 1; layer <= 4; layer++) {
    h = map(
      batchNorm(deconvolution(h, g1, `dc${layer}`, [1, 2, 2], [0, 1, 1]), g1, `bn${layer}`),
      relu,
    );
  }
  h = map(deconvolution(h, g1, 'dc5', [1, 1, 1], [0, 1, 1]), Math.tanh);

  // (video frame, channels, 1, height, width) to (video, channels, frame, height, width).
  const [, channels, , height, width] = h.shape;
  const area = height * width;
  const data = new Float64Array(h.data.length);
  for (let n = 0; n < count; n++) {
    for (let t = 0; t < frames; t++) {
      for (let c = 0; c < channels; c++) {
        const from = ((n * frames + t) * channels + c) * area;
        data.set(h.data.subarray(from, from + area), ((n * channels + c) * frames + t) * area);
      }
    }
  }
  return { shape: [count, channels, frames, height, width], data };
}

/**
 * Calls `visit` for each pair of places that a kernel joins: `y` in what it slides over, `x` in
 * what it yields.
 */
function slide(
  outer: readonly number[],
  inner: readonly number[],
  kernel: Triple,
  strides: Triple,
  pads: Triple,
  visit: (outer: number, inner: number, tap: number) => void,
): void {
  const [, , it, ih, iw] = inner;
  const [, , ot, oh, ow] = outer;
  for (let t = 0; t < it; t++) {
    for (let a = 0; a < kernel[0]; a++) {
      const tt = t * strides[0] - pads[0] + a;
      if (tt < 0 || tt >= ot) continue;
      for (let y = 0; y < ih; y++) {
        for (let b = 0; b < kernel[1]; b++) {
          const yy = y * strides[1] - pads[1] + b;
          if (yy < 0 || yy >= oh) continue;
          for (let x = 0; x < iw; x++) {
            for (let c = 0; c < kernel[2]; c++) {
              const xx = x * strides[2] - pads[2] + c;
              if (xx < 0 || xx >= ow) continue;
              visit(
                (tt * oh + yy) * ow + xx,
                (t * ih + y) * iw + x,
                (a * kernel[1] + b) * kernel[2] + c,
              );
            }
          }
        }
      }
    }
  }
}

const windowOf = (shape: readonly number[]): Triple => {
  const window = shape.slice(2);
  return [...Array(3 - window.length).fill(1), ...window] as unknown as Triple;
};
const after = (size: number, k: number, stride: number, pad: number) =>
  (size + 2 * pad - k) / stride + 1;
const before = (size: number, k: number, stride: number, pad: number) =>
  (size - 1) * stride + k - 2 * pad;
const volume = (shape: readonly number[]) => shape.slice(2).reduce((a, b) => a * b, 1);

function convolution(
  x: Volume,
  p: Parameters,
  name: string,
  strides: Triple,
  pads: Triple,
): Volume {
  const { shape, data: w } = p.get(`${name}/W`)!;
  return linear(
    x,
    p.get(`${name}/b`)?.data,
    shape[0],
    after,
    windowOf(shape),
    strides,
    pads,
    (n, o, c, y, out) => {
      const taps = volume(shape);
      const [from, into] = [
        (n * x.shape[1] + c) * volume(x.shape),
        (n * shape[0] + o) * volume(out),
      ];
      slide(x.shape, out, windowOf(shape), strides, pads, (i, j, tap) => {
        y[into + j] += x.data[from + i] * w[(o * shape[1] + c) * taps + tap];
      });
    },
  );
}

function deconvolution(
  x: Volume,
  p: Parameters,
  name: string,
  strides: Triple,
  pads: Triple,
): Volume {
  const { shape, data: w } = p.get(`${name}/W`)!;
  return linear(
    x,
    p.get(`${name}/b`)?.data,
    shape[1],
    before,
    windowOf(shape),
    strides,
    pads,
    (n, o, c, y, out) => {
      const taps = volume(shape);
      const [from, into] = [
        (n * x.shape[1] + c) * volume(x.shape),
        (n * shape[1] + o) * volume(out),
      ];
      slide(out, x.shape, windowOf(shape), strides, pads, (i, j, tap) => {
        y[into + i] += x.data[from + j] * w[(c * shape[1] + o) * taps + tap];
      });
    },
  );
}

/**
 * What convolutions of both directions share: the output's shape, the bias, the loops over batch
 * and channels.
 */
function linear(
  x: Volume,
  bias: Float64Array | undefined,
  outputs: number,
  size: typeof after,
  kernel: Triple,
  strides: Triple,
  pads: Triple,
  add: (n: number, output: number, input: number, y: Float64Array, shape: Volume['shape']) => void,
): Volume {
  const [batch, inputs, ...axes] = x.shape;
  const sizes = axes.map((axis, i) => size(axis, kernel[i], strides[i], pads[i]));
  const shape = [batch, outputs, ...sizes] as unknown as Volume['shape'];
  const y = new Float64Array(batch * outputs * volume(shape));
  for (let n = 0; n < batch; n++) {
    for (let o = 0; o < outputs; o++) {
      if (bias)
        y.fill(bias[o], (n * outputs + o) * volume(shape), (n * outputs + o + 1) * volume(shape));
      for (let c = 0; c < inputs; c++) add(n, o, c, y, shape);
    }
  }
  return { shape, data: y };
}

function batchNorm(x: Volume, p: Parameters, name: string): Volume {
  const [batch, channels] = x.shape;
  const [gamma, beta] = [p.get(`${name}/gamma`)!.data, p.get(`${name}/beta`)?.data];
  const size = volume(x.shape);
  const y = new Float64Array(x.data.length);
  for (let c = 0; c < channels; c++) {
    const places = Array.from({ length: batch }, (_, n) => (n * channels + c) * size);
    const over = (f: (value: number) => number) => {
      let sum = 0;
      for (const at of places) for (let i = at; i < at + size; i++) sum += f(x.data[i]);
      return sum / (batch * size);
    };
    const mean = over((value) => value);
    const deviation = Math.sqrt(over((value) => (value - mean) ** 2) + 2e-5);
    for (const at of places) {
      for (let i = at; i < at + size; i++) {
        y[i] = (gamma[c] * (x.data[i] - mean)) / deviation + (beta?.[c] ?? 0);
      }
    }
  }
  return { shape: x.shape, data: y };
}

const map = ({ shape, data }: Volume, f: (x: number) => number): Volume => ({
  shape,
  data: data.map(f),
});
