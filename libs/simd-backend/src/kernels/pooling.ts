import { backend_util, util, type TensorInfo } from '@tensorflow/tfjs';
import type { SimdBackend } from '../backend.js';
import {
  withGeometry,
  product,
  windows2d,
  windows3d,
  type ConvGeometry,
  type Windows,
} from '../conv/geometry.js';
import { MAX_TAPS, POOL_CHANNELS, type Geometry, type Pointer } from '../kernel-bindings.js';
import { isGeometry, type Shape4, type Shape5 } from './conv.js';
import { kernel } from './kernel.js';

/** Pairs of numbers that one task handles. */
const TASK_PAIRS = 16_384;

interface PoolAttrs {
  readonly filterSize: number | number[];
  readonly strides: number | number[];
  readonly pad: 'valid' | 'same' | number;
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
  readonly dataFormat?: string;
}

/** The windows of a pooling of two axes, and its output's shape. */
function pooling2d(
  x: readonly number[],
  { filterSize, strides, pad, dimRoundingMode }: PoolAttrs,
): Windows {
  const info = backend_util.computePool2DInfo(
    ...([x as Shape4, filterSize as number, strides as number] as const),
    ...([1, pad, dimRoundingMode] as const),
  );
  return windows2d(info);
}

/** The same for three axes. */
function pooling3d(
  x: readonly number[],
  { filterSize, strides, pad, dimRoundingMode }: PoolAttrs,
): Windows {
  const info = backend_util.computePool3DInfo(
    ...([x as Shape5, filterSize as number, strides as number] as const),
    ...([1, pad, dimRoundingMode] as const),
  );
  return windows3d(info);
}

/** Runs a kernel that goes over the positions of one side and the pairs that each makes. */
export function overPositions(
  backend: SimdBackend,
  g: ConvGeometry,
  positions: number,
  run: (tasks: number, args: { g: Pointer<Geometry>; positions: number; perTask: number }) => void,
): void {
  const pairs = g.xChannels * product(g.kernel);
  const perTask = Math.max(1, Math.round(TASK_PAIRS / pairs));
  withGeometry(backend, g, (structure) =>
    run(Math.ceil(positions / perTask), { g: structure, positions, perTask }),
  );
}

type Pool = (backend: SimdBackend, g: ConvGeometry, x: TensorInfo, shape: number[]) => TensorInfo;

const maxPool: Pool = (backend, g, x, shape) => {
  const from = backend.address(x);
  const out = backend.output(shape);
  const y = backend.address(out);
  overPositions(backend, g, g.batch * product(g.ySize), (tasks, args) =>
    backend.run('maxPool', tasks, { x: from, y, ...args }),
  );
  return out;
};

/**
 * The means of the windows of `tensor`, or their gradient when `backward`. As on cpu, the mean of
 * no inputs is NaN over two axes and 0 over three: it counts `least` inputs.
 */
const averagePool =
  (backward: boolean, least: number): Pool =>
  (backend, g, tensor, shape) => {
    const from = backend.address(tensor);
    const out = backend.output(shape);
    const to = backend.address(out);
    const positions = g.batch * product(backward ? g.xSize : g.ySize);
    overPositions(backend, g, positions, (tasks, args) =>
      backend.run('averagePool', tasks, { from, to, backward, least, ...args }),
    );
    return out;
  };

/** @param last - whether the last of several largest inputs gets the gradient, not the first. */
function maxPoolGradient(
  backend: SimdBackend,
  g: ConvGeometry,
  x: TensorInfo,
  dy: TensorInfo,
  last: boolean,
): TensorInfo {
  const [from, gradient] = [backend.address(x), backend.address(dy)];
  const out = backend.output(x.shape);
  const dx = backend.address(out);
  const tasks = g.batch * Math.ceil(g.xChannels / POOL_CHANNELS);
  withGeometry(backend, g, (structure) =>
    backend.run('maxPoolGradient', tasks, { g: structure, x: from, dy: gradient, dx, last }),
  );
  return out;
}

/** The operations of one rank. */
interface Rank {
  readonly suffix: '' | '3D';
  readonly rank: number;
  readonly format: string;
  readonly pooling: (x: readonly number[], attrs: PoolAttrs) => Windows;
}

/** Whether shapes and attributes describe a pooling; y is the shape that a gradient must have. */
function isPooling(
  { rank, format, pooling }: Rank,
  x: readonly number[],
  attrs: PoolAttrs,
  y?: readonly number[],
): boolean {
  if (x.length !== rank || (attrs.dataFormat ?? format) !== format) return false;
  const { g, shape } = pooling(x, attrs);
  if (!isGeometry(g, [...x, ...g.kernel, ...shape])) return false;
  return product(g.kernel) <= MAX_TAPS && (!y || util.arraysEqual(shape, [...y]));
}

type Gradient = { dy: TensorInfo; input: TensorInfo };

const poolingOf = (rank: Rank) => {
  const { suffix, pooling } = rank;
  const least = suffix === '3D' ? 1 : 0;
  const forward = (name: string, pool: Pool) =>
    kernel<{ x: TensorInfo }, PoolAttrs>(
      name + suffix,
      ({ inputs: { x }, attrs, backend }) => {
        const { g, shape } = pooling(x.shape, attrs);
        // As on cpu, which then keeps NaN.
        const isIdentity = product(g.kernel) === 1 && util.arraysEqual(x.shape, shape);
        if (isIdentity) return backend.alias(x, x.shape);
        return pool(backend, g, x, shape);
      },
      ({ inputs: { x }, attrs }) => isPooling(rank, x.shape, attrs),
    );
  return [
    forward('MaxPool', maxPool),
    forward('AvgPool', averagePool(false, least)),
    kernel<Gradient, PoolAttrs>(
      `MaxPool${suffix}Grad`,
      ({ inputs: { dy, input }, attrs, backend }) =>
        // tfjs itself tells several largest inputs apart in this way.
        maxPoolGradient(backend, pooling(input.shape, attrs).g, input, dy, suffix === '3D'),
      ({ inputs: { dy, input }, attrs }) => isPooling(rank, input.shape, attrs, dy.shape),
    ),
    kernel<Gradient, PoolAttrs>(
      `AvgPool${suffix}Grad`,
      ({ inputs: { dy, input }, attrs, backend }) =>
        averagePool(true, least)(backend, pooling(input.shape, attrs).g, dy, input.shape),
      ({ inputs: { dy, input }, attrs }) => isPooling(rank, input.shape, attrs, dy.shape),
    ),
  ];
};

export const poolingKernels = [
  ...poolingOf({ suffix: '', rank: 4, format: 'NHWC', pooling: pooling2d }),
  ...poolingOf({ suffix: '3D', rank: 5, format: 'NDHWC', pooling: pooling3d }),
];
