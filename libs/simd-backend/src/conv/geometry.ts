/** Depth, height and width. */
export type Three = readonly [number, number, number];

/**
 * A convolution from the big side x [batch, ...xSize, xChannels] to the small side y [batch, ...ySize, yChannels] with
 * a filter [...kernel, xChannels, yChannels]. Fewer dimensions come as leading sizes of 1.
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

/** The 32-bit integers that assembly/geometry.ts reads, in its order. */
export const geometryWords = (g: ConvGeometry): number[] => [
  ...g.xSize,
  g.xChannels,
  ...g.ySize,
  g.yChannels,
  ...g.kernel,
  ...g.stride,
  ...g.pad,
  ...g.dilation,
];

export const product = (sizes: readonly number[]) => sizes.reduce((a, b) => a * b, 1);

/** Terms of each output: kernel positions times input channels. */
export const patchSize = (g: ConvGeometry) => product(g.kernel) * g.xChannels;
