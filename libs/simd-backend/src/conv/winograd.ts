import type { SimdBackend } from '../backend.js';
import { columns, gemm, rows as plainRows } from '../gemm.js';
import {
  TILE_BYTES,
  outputs,
  phases,
  planFields,
  points,
  type Plan,
  type Pointer,
} from '../kernel-bindings.js';
import { withStructures } from '../structures.js';
import { product, sizesOf, type ConvGeometry, type Three } from './geometry.js';

/*
 * Convolutions of kernel 4, stride 2 and padding 1, which GANs use most, with 1.8 to 4.1 times
 * fewer multiplications. Each is a sum of convolutions of kernel 2 and stride 1, one for each
 * parity ("phase") of its input. Those are computed by Winograd's F(2,2) or F(4,2). See
 * docs/simd-backend.md.
 */

/** How an axis is cut into tiles, see assembly/winograd/kinds.ts. */
export type Kind = 0 | 1 | 2 | 4;
export type Kinds = readonly [Kind, Kind, Kind];

const times = (kinds: Kinds, count: (kind: Kind) => number) => product(kinds.map(count));

/** Floats of padding after each row, so that rows do not meet in the same cache sets. */
const ROW_PAD = 16;
/**
 * Bytes of padding after each point. Without it points would lie powers of two apart, in the same
 * sets of the caches (hence a cache line) and of the TLB (hence a page).
 */
const POINT_PAD = 4096 + 64;
/**
 * V and M are made and used in portions of about this size, so that they stay in a cache. Each
 * portion reads all of U, so it has at least twice the size of U.
 */
const PORTION_BYTES = 6 * 2 ** 20;

/** One convolution cut into tiles of given kinds, and the sizes that follow. */
export class Tiling {
  readonly tiles: Three;
  /** Multiplications per tile and phase. */
  readonly points: number;
  /** Terms of each product: phases times input channels. */
  readonly depth: number;

  constructor(
    readonly g: ConvGeometry,
    readonly kinds: Kinds,
  ) {
    this.tiles = g.ySize.map((size, i) => Math.ceil(size / outputs(kinds[i]))) as unknown as Three;
    this.points = times(kinds, points);
    this.depth = times(kinds, phases) * g.xChannels;
  }

  /** Tiles of one sample. */
  get tilesPerSample(): number {
    return product(this.tiles);
  }

  /** Bytes of U, the transformed filter. */
  get filterBytes(): number {
    return this.points * this.uPoint;
  }

  /** Bytes from one point of U to the next. */
  get uPoint(): number {
    return this.depth * this.uRow + POINT_PAD;
  }

  get uPhase(): number {
    return this.g.xChannels * this.uRow;
  }

  get uRow(): number {
    return (this.g.yChannels + ROW_PAD) * 4;
  }

  /** Samples that are transformed and multiplied at a time; pairs, because cores are often even. */
  get samplesPerPortion(): number {
    const bytes = this.points * this.tilesPerSample * (this.depth + this.g.yChannels) * 4;
    const portion = Math.max(PORTION_BYTES, 2 * this.filterBytes);
    const pairs = Math.round(portion / bytes / 2);
    return Math.min(this.g.batch, Math.max(1, 2 * pairs));
  }

  /**
   * Channels of x that are transformed side by side: as many as fit into a thread's scratch memory,
   * which makes the longest runs of memory; fewer for at least `parts` blocks, but 32 if there are.
   */
  channelBlock(parts = 1): number {
    const { xChannels } = this.g;
    const fitting = Math.floor((TILE_BYTES * xChannels) / (this.points * this.depth * 4));
    const wanted = Math.max(32, Math.ceil(xChannels / parts));
    return 8 * Math.floor(Math.min(fitting, wanted, xChannels) / 8);
  }

  *portions(): Generator<{ first: number; samples: number; rows: number }> {
    const size = this.samplesPerPortion;
    for (let first = 0; first < this.g.batch; first += size) {
      const samples = Math.min(size, this.g.batch - first);
      yield { first, samples, rows: samples * this.tilesPerSample };
    }
  }
}

/** Strides of V and M in bytes. */
interface Layout {
  readonly vPoint: number;
  readonly vRow: number;
  readonly mPoint: number;
  readonly mRow: number;
}

function rowLayout({ depth, g }: Tiling, rows: number): Layout {
  const [vRow, mRow] = [(depth + ROW_PAD) * 4, (g.yChannels + ROW_PAD) * 4];
  return {
    vPoint: rows * vRow + POINT_PAD,
    vRow,
    mPoint: rows * mRow + POINT_PAD,
    mRow,
  };
}

const NO_LAYOUT: Layout = { vPoint: 0, vRow: 0, mPoint: 0, mRow: 0 };

/** Lends the plan as kernels read it. */
function withPlan(
  backend: SimdBackend,
  { g, kinds, tiles }: Tiling,
  layout: Layout,
  use: (plan: Pointer<Plan>) => void,
): void {
  const plan: Plan = {
    ...sizesOf(g),
    kindD: kinds[0],
    kindH: kinds[1],
    kindW: kinds[2],
    tilesD: tiles[0],
    tilesH: tiles[1],
    tilesW: tiles[2],
    ...layout,
  };
  withStructures(backend, planFields, [plan], use);
}

/** U = G w. */
export function transformFilter(backend: SimdBackend, tiling: Tiling, w: number, u: number): void {
  const { g, uPoint, uPhase, uRow } = tiling;
  withPlan(backend, tiling, NO_LAYOUT, (plan) => {
    backend.run('winogradFilter', g.xChannels, { plan, w, u, uPoint, uPhase, uRow });
  });
}

/** y = x * w from the transformed filter `u`. */
export function forward(
  backend: SimdBackend,
  tiling: Tiling,
  x: number,
  u: number,
  y: number,
): void {
  const { g, points, depth, tiles, uPoint, uRow } = tiling;
  for (const { first, samples, rows } of tiling.portions()) {
    const layout = rowLayout(tiling, rows);
    backend.scratch([points * layout.vPoint, points * layout.mPoint], (v, m) => {
      withPlan(backend, tiling, layout, (plan) => {
        const lines = samples * tiles[0] * tiles[1];
        const block = tiling.channelBlock();
        backend.run('winogradInput', lines, { plan, x: xOf(g, x, first), v, block });
        gemm(
          backend,
          { m: rows, n: g.yChannels, k: depth, batch: points },
          plainRows(v, layout.vRow, layout.vPoint),
          plainRows(u, uRow, uPoint),
          { address: m, batch: layout.mPoint, row: layout.mRow },
        );
        backend.run('winogradOutput', lines, { plan, y: yOf(g, y, first), m });
      });
    });
  }
}

/**
 * dx from dy and the transformed filter `u`: the steps of {@link forward}, transposed,
 * in reverse order.
 */
export function inputGradient(
  backend: SimdBackend,
  tiling: Tiling,
  dy: number,
  u: number,
  dx: number,
): void {
  const { g, points, depth, tiles, uPoint, uRow } = tiling;
  for (const { first, samples, rows } of tiling.portions()) {
    const layout = rowLayout(tiling, rows);
    backend.scratch([points * layout.vPoint, points * layout.mPoint], (v, m) => {
      withPlan(backend, tiling, layout, (plan) => {
        const lines = samples * tiles[0] * tiles[1];
        backend.run('winogradOutputAdjoint', lines, { plan, y: yOf(g, dy, first), m });
        gemm(
          backend,
          { m: rows, n: depth, k: g.yChannels, batch: points },
          plainRows(m, layout.mRow, layout.mPoint),
          columns(u, uRow, uPoint),
          { address: v, batch: layout.vPoint, row: layout.vRow },
        );
        const parts = Math.ceil((2 * backend.threads) / samples);
        const block = tiling.channelBlock(parts);
        const tasks = samples * Math.ceil(g.xChannels / block);
        backend.run('winogradInputAdjoint', tasks, { plan, x: xOf(g, dx, first), v, block });
      });
    });
  }
}

/** dw from x and dy. */
export function filterGradient(
  backend: SimdBackend,
  tiling: Tiling,
  x: number,
  dy: number,
  dw: number,
): void {
  const { g, points, depth, tiles, uPoint, uPhase, uRow } = tiling;
  backend.scratch([tiling.filterBytes], (u) => {
    for (const { first, samples, rows } of tiling.portions()) {
      const layout = rowLayout(tiling, rows);
      backend.scratch([points * layout.vPoint, points * layout.mPoint], (v, m) => {
        withPlan(backend, tiling, layout, (plan) => {
          const lines = samples * tiles[0] * tiles[1];
          const block = tiling.channelBlock();
          backend.run('winogradInput', lines, { plan, x: xOf(g, x, first), v, block });
          backend.run('winogradOutputAdjoint', lines, { plan, y: yOf(g, dy, first), m });
        });
        gemm(
          backend,
          { m: depth, n: g.yChannels, k: rows, batch: points },
          columns(v, layout.vRow, layout.vPoint),
          plainRows(m, layout.mRow, layout.mPoint),
          { address: u, batch: uPoint, row: uRow },
          { accumulate: first > 0 },
        );
      });
    }
    withPlan(backend, tiling, NO_LAYOUT, (plan) => {
      backend.run('winogradFilterAdjoint', g.xChannels, {
        plan,
        u,
        w: dw,
        uPoint,
        uPhase,
        uRow,
      });
    });
  });
}

const xOf = (g: ConvGeometry, x: number, sample: number) =>
  x + sample * product(g.xSize) * g.xChannels * 4;
const yOf = (g: ConvGeometry, y: number, sample: number) =>
  y + sample * product(g.ySize) * g.yChannels * 4;
