import { patchSize, product, type ConvGeometry } from './geometry.js';
import { PANEL_BYTES, TERM_BLOCK } from '../kernel-bindings.js';
import { Tiling, type Kind, type Kinds } from './winograd.js';

/** With more outputs, packing x pays: sooner where products have tiles of sixteen columns. */
const FEW_OUTPUTS = { narrow: 64, wide: 16 };
/** Operations and bytes a second. Only their ratio matters. */
const FLOPS = 100e9;
const BYTES = 16e9;
/** U and its gradient seldom lie in a cache. Every portion reads or writes them. */
const FILTER_BYTES = 0.6 * BYTES;
/** Sizes of tiles to choose from: along the first axis, and along the two others. */
const TILES = [
  [2, 2],
  [2, 4],
  [4, 4],
] as const;
/** Larger transformed filters are not worth the memory that they occupy. */
const MOST_FILTER_BYTES = 96 * 2 ** 20;

/**
 * The tiling that computes this convolution fastest, or undefined where unfolded patches are faster
 * or no tiling fits. The shape alone decides: the estimate counts multiplications and numbers
 * moved.
 */
export function chooseTiling(g: ConvGeometry): Tiling | undefined {
  if (g.xChannels % 8 !== 0 || g.yChannels % 8 !== 0) return undefined;
  let best: Tiling | undefined;
  let least = columnsTime(g);
  for (const [depth, side] of TILES) {
    const kinds = g.kernel.map((_, axis) => kindOf(g, axis, axis === 0 ? depth : side));
    if (kinds.includes(undefined) || kinds.every((kind) => kind === 0)) continue;
    const tiling = new Tiling(g, kinds as unknown as Kinds);
    if (tiling.filterBytes > MOST_FILTER_BYTES) continue;
    const time = tilingTime(tiling);
    if (time < least) [best, least] = [tiling, time];
  }
  return best;
}

/**
 * How to cut this axis, with tiles of `size` where there is a choice. Undefined where no kind of
 * tile fits.
 */
function kindOf(g: ConvGeometry, axis: number, size: 2 | 4): Kind | undefined {
  const [kernel, stride, pad] = [g.kernel[axis], g.stride[axis], g.pad[axis]];
  const [x, y] = [g.xSize[axis], g.ySize[axis]];
  if (kernel === 1 && stride === 1 && pad === 0) return 0;
  if (kernel === 2 && x === 2 && y === 1 && pad === 0 && g.dilation[axis] === 1) return 1;
  const halves = kernel === 4 && stride === 2 && pad === 1 && g.dilation[axis] === 1;
  if (!halves || x !== 2 * y) return undefined;
  return y <= 2 ? 2 : size;
}

function tilingTime({ g, points, depth, tilesPerSample }: Tiling): number {
  const rows = g.batch * tilesPerSample;
  const multiplications = points * rows * depth * g.yChannels;
  const moved = points * rows * (depth + g.yChannels);
  const filter = points * depth * g.yChannels;
  return (2 * multiplications) / FLOPS + 8 * (moved / BYTES + filter / FILTER_BYTES);
}

function columnsTime(g: ConvGeometry): number {
  const [rows, depth] = [g.batch * product(g.ySize), patchSize(g)];
  const multiplications = rows * depth * g.yChannels;
  const moved = rows * (depth + g.yChannels);
  const filter = depth * g.yChannels;
  return (2 * multiplications) / FLOPS + 8 * (moved / BYTES + filter / FILTER_BYTES);
}

/**
 * Whether a convolution that no tiling fits is faster without unfolding x. Not where a product sums
 * in several parts, because results would not be the same to the bit.
 *
 * @param wide - whether the engine joins vectors, see `wide-simd`.
 */
export function isDirect(g: ConvGeometry, wide: boolean): boolean {
  const [, , width] = g.ySize;
  const line = ((width - 1) * g.stride[2] + g.kernel[2]) * g.xChannels * 4;
  return (
    width >= 4 &&
    patchSize(g) <= TERM_BLOCK &&
    g.dilation[2] === 1 &&
    g.yChannels <= (wide ? FEW_OUTPUTS.wide : FEW_OUTPUTS.narrow) &&
    g.kernel[0] * g.kernel[1] * line <= PANEL_BYTES
  );
}
