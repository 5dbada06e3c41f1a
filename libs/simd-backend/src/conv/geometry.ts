import type { backend_util } from '@tensorflow/tfjs';
import type { SimdBackend } from '../backend.js';
import { geometryFields, type Geometry, type Pointer } from '../kernel-bindings.js';
import { withStructures } from '../structures.js';

/** Depth, height and width. */
export type Three = readonly [number, number, number];

/**
 * A convolution from the big side x [batch, ...xSize, xChannels] to the small side y [batch,
 * ...ySize, yChannels] with a filter [...kernel, xChannels, yChannels]. Convolutions of fewer
 * dimensions have leading sizes of 1.
 */
export interface ConvGeometry {
  readonly batch: number;
  readonly xSize: Three;
  readonly xChannels: number;
  readonly ySize: Three;
  readonly yChannels: number;
  readonly kernel: Three;
  readonly stride: Three;
  /** Zeros before the first input of each axis. */
  readonly pad: Three;
  readonly dilation: Three;
}

/** Windows over an input, and the shape of what they make. */
export interface Windows {
  readonly g: ConvGeometry;
  /** [batch, ...sizes, channels]. */
  readonly shape: number[];
}

/** The windows of a convolution or pooling of two axes, as tfjs computes them. */
export const windows2d = (info: backend_util.Conv2DInfo): Windows => ({
  g: {
    batch: info.batchSize,
    xSize: [1, info.inHeight, info.inWidth],
    xChannels: info.inChannels,
    ySize: [1, info.outHeight, info.outWidth],
    yChannels: info.outChannels,
    kernel: [1, info.filterHeight, info.filterWidth],
    stride: [1, info.strideHeight, info.strideWidth],
    pad: [0, info.padInfo.top, info.padInfo.left],
    dilation: [1, info.dilationHeight, info.dilationWidth],
  },
  shape: info.outShape,
});

/** The same for three axes. */
export const windows3d = (info: backend_util.Conv3DInfo): Windows => ({
  g: {
    batch: info.batchSize,
    xSize: [info.inDepth, info.inHeight, info.inWidth],
    xChannels: info.inChannels,
    ySize: [info.outDepth, info.outHeight, info.outWidth],
    yChannels: info.outChannels,
    kernel: [info.filterDepth, info.filterHeight, info.filterWidth],
    stride: [info.strideDepth, info.strideHeight, info.strideWidth],
    pad: [info.padInfo.front, info.padInfo.top, info.padInfo.left],
    dilation: [info.dilationDepth, info.dilationHeight, info.dilationWidth],
  },
  shape: info.outShape,
});

/** The sizes of both sides as kernels read them. */
export const sizesOf = (g: ConvGeometry) => ({
  xd: g.xSize[0],
  xh: g.xSize[1],
  xw: g.xSize[2],
  xc: g.xChannels,
  yd: g.ySize[0],
  yh: g.ySize[1],
  yw: g.ySize[2],
  yc: g.yChannels,
});

/** Lends the geometry as kernels read it. */
export function withGeometry(
  backend: SimdBackend,
  g: ConvGeometry,
  use: (address: Pointer<Geometry>) => void,
): void {
  const structure: Geometry = {
    ...sizesOf(g),
    kd: g.kernel[0],
    kh: g.kernel[1],
    kw: g.kernel[2],
    strideD: g.stride[0],
    strideH: g.stride[1],
    strideW: g.stride[2],
    padD: g.pad[0],
    padH: g.pad[1],
    padW: g.pad[2],
    dilationD: g.dilation[0],
    dilationH: g.dilation[1],
    dilationW: g.dilation[2],
  };
  withStructures(backend, geometryFields, [structure], use);
}

export const product = (sizes: readonly number[]) => sizes.reduce((a, b) => a * b, 1);

/** Terms of each output: kernel positions times input channels. */
export const patchSize = (g: ConvGeometry) => product(g.kernel) * g.xChannels;

/**
 * A convolution without the taps that only meet padding, and the number of weights before those
 * that are left. Only taps of the kernel's first axis longer than 1 are left out, because the
 * weights that stay then lie together.
 */
export function trimmed(g: ConvGeometry): { g: ConvGeometry; skipped: number } {
  const axis = g.kernel.findIndex((size) => size > 1);
  if (axis < 0) return { g, skipped: 0 };
  const meets = (tap: number) => {
    for (let o = 0; o < g.ySize[axis]; o++) {
      const at = o * g.stride[axis] - g.pad[axis] + tap * g.dilation[axis];
      if (at >= 0 && at < g.xSize[axis]) return true;
    }
    return false;
  };
  const size = g.kernel[axis];
  const taps = Array.from({ length: size }, (_, tap) => tap).filter(meets);
  const [first, last] = [taps.at(0), taps.at(-1)];
  if (first === undefined || last === undefined) return { g, skipped: 0 };
  const kernel = g.kernel.with(axis, last - first + 1) as unknown as Three;
  const pad = g.pad.with(axis, g.pad[axis] - first * g.dilation[axis]) as unknown as Three;
  return { g: { ...g, kernel, pad }, skipped: (first * patchSize(g) * g.yChannels) / size };
}
