import { util, type TensorInfo } from '@tensorflow/tfjs';
import type { SimdBackend } from '../backend.js';
import {
  betweenFields,
  RESIZE_CHANNELS,
  type Between,
  type KernelArguments,
} from '../kernel-bindings.js';
import { withStructures } from '../structures.js';
import { kernel } from './kernel.js';

interface ResizeAttrs {
  readonly alignCorners?: boolean;
  readonly halfPixelCenters?: boolean;
}

interface Axis extends ResizeAttrs {
  readonly from: number;
  readonly to: number;
  readonly nearest: boolean;
}

/** Where each of `to` pixels of the result lies among the `from` pixels of the image. */
function places({ from, to, nearest, alignCorners, halfPixelCenters }: Axis): Between[] {
  const aligned = alignCorners && to > 1 ? 1 : 0;
  const ratio = (from - aligned) / (to - aligned);
  return Array.from({ length: to }, (_, i) => {
    if (nearest) {
      const at = halfPixelCenters ? ratio * (i + 0.5) : ratio * i;
      const low = Math.max(0, Math.min(from - 1, alignCorners ? Math.round(at) : Math.floor(at)));
      return { low, high: low, fraction: 0 };
    }
    const at = halfPixelCenters ? ratio * (i + 0.5) - 0.5 : ratio * i;
    const low = Math.max(0, Math.floor(at));
    return { low, high: Math.min(from - 1, Math.ceil(at)), fraction: bitsOf(at - low) };
  });
}

const word = new DataView(new ArrayBuffer(4));

/** The bits of a float, as an integer. */
function bitsOf(value: number): number {
  word.setFloat32(0, value);
  return word.getInt32(0);
}

type Sizes = Omit<KernelArguments['resize'], 'x' | 'y'>;

/** Lends `use` the sizes of images and result, and where the pixels of the result lie. */
function withPlaces(
  backend: SimdBackend,
  images: readonly number[],
  result: readonly number[],
  options: ResizeAttrs & { readonly nearest: boolean },
  use: (sizes: Sizes) => void,
): void {
  const [, xh, xw, channels] = images;
  const [, yh, yw] = result;
  const along = (from: number, to: number) => places({ from, to, ...options });
  withStructures(backend, betweenFields, along(xh, yh), (rows) =>
    withStructures(backend, betweenFields, along(xw, yw), (columns) =>
      use({ rows, columns, xh, xw, yh, yw, channels, nearest: options.nearest }),
    ),
  );
}

const isFull = (shape: readonly number[]) =>
  shape.length === 4 && shape.every((size) => Number.isInteger(size) && size > 0);

const resize = (kernelName: string, nearest: boolean) =>
  kernel<{ images: TensorInfo }, ResizeAttrs & { size: [number, number] }>(
    kernelName,
    ({ inputs: { images }, attrs, backend }) => {
      const { alignCorners, halfPixelCenters, size } = attrs;
      const shape = [images.shape[0], ...size, images.shape[3]];
      const x = backend.address(images);
      const out = backend.output(shape);
      const y = backend.address(out);
      const options = { alignCorners, halfPixelCenters, nearest };
      withPlaces(backend, images.shape, shape, options, (sizes) =>
        backend.run('resize', shape[0] * shape[1], { x, y, ...sizes }),
      );
      return out;
    },
    ({ inputs: { images }, attrs: { size } }) => isFull(images.shape) && isFull([1, ...size, 1]),
  );

/** tfjs's gradients know no halfPixelCenters. */
const gradient = (kernelName: string, nearest: boolean) =>
  kernel<{ images: TensorInfo; dy: TensorInfo }, ResizeAttrs>(
    kernelName,
    ({ inputs: { images, dy }, attrs: { alignCorners }, backend }) => {
      const from = backend.address(dy);
      const out = backend.output(images.shape);
      const dx = backend.address(out);
      const tasks = images.shape[0] * Math.ceil(images.shape[3] / RESIZE_CHANNELS);
      withPlaces(backend, images.shape, dy.shape, { alignCorners, nearest }, (sizes) =>
        backend.run('resizeGradient', tasks, { dy: from, dx, ...sizes }),
      );
      return out;
    },
    ({ inputs: { images, dy } }) =>
      isFull(images.shape) &&
      isFull(dy.shape) &&
      util.arraysEqual([dy.shape[0], dy.shape[3]], [images.shape[0], images.shape[3]]),
  );

export const resizeKernels = [
  resize('ResizeBilinear', false),
  resize('ResizeNearestNeighbor', true),
  gradient('ResizeBilinearGrad', false),
  gradient('ResizeNearestNeighborGrad', true),
];
