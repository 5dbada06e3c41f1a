import type { SimdBackend } from './backend.js';
import { COLUMN_BLOCK, PANEL_COLUMNS, ROW_BLOCK } from './kernel-bindings.js';

/** Bytes of one row of a panel. */
const PANEL_ROW = PANEL_COLUMNS * 4;

/**
 * Where the elements of a batch of matrices lie, in bytes: element (i, j) of matrix p is at
 * `address + p*batch + i*row + j*step`.
 */
export interface Matrices {
  readonly address: number;
  readonly batch: number;
  readonly row: number;
  readonly step: number;
}

/**
 * Matrices B[p] [k, n] in panels of eight columns: element (k, n) is at `address + p*batch +
 * floor(n/8)*panel + k*32 + (n%8)*4`. Worth making where many products use them.
 */
export interface Panels {
  readonly address: number;
  readonly batch: number;
  readonly panel: number;
}

/** Row-major products C[p] [m, n]. */
export interface Product {
  readonly address: number;
  readonly batch: number;
  readonly row: number;
}

/** Plain rows of `row` bytes. */
export const rows = (address: number, row: number, batch = 0): Matrices => ({
  address,
  batch,
  row,
  step: 4,
});

/** The transpose of plain rows: element (i, j) is number i of row j. */
export const columns = (address: number, row: number, batch = 0): Matrices => ({
  address,
  batch,
  row: 4,
  step: row,
});

/** Panels [n / 8][k][8], as packPanels makes them. */
export const packed = (address: number, k: number, batch = 0): Panels => ({
  address,
  batch,
  panel: k * PANEL_ROW,
});

/**
 * C[p] = A[p] B[p] for p < batch: added to what C holds when `accumulate`, down to its diagonal
 * when `upper`.
 */
export function gemm(
  backend: SimdBackend,
  { m, n, k, batch = 1 }: { m: number; n: number; k: number; batch?: number },
  a: Matrices,
  b: Matrices | Panels,
  c: Product,
  { accumulate = false, upper = false } = {},
): void {
  const [mb, nb] = blockSizes(m, n, batch);
  const tasks = batch * Math.ceil(m / mb) * Math.ceil(n / nb);
  const right = 'panel' in b ? { ...b, row: 0, step: 0 } : { ...b, panel: 0 };
  backend.run('gemm', tasks, {
    m,
    n,
    k,
    a: a.address,
    aBatch: a.batch,
    aRow: a.row,
    aStep: a.step,
    b: right.address,
    bBatch: right.batch,
    bRow: right.row,
    bStep: right.step,
    bPanel: right.panel,
    c: c.address,
    cBatch: c.batch,
    cRow: c.row,
    accumulate,
    upper,
    mb,
    nb,
    wide: backend.wide,
  });
}

/**
 * The rows and columns of one task: few enough for its parts of A and B to stay in the L2 cache.
 * There are fewer where there would not be enough tasks for the threads.
 */
function blockSizes(m: number, n: number, batch: number): [number, number] {
  let mb = Math.min(ROW_BLOCK, 4 * Math.ceil(m / 4));
  let nb = Math.min(COLUMN_BLOCK, PANEL_COLUMNS * Math.ceil(n / PANEL_COLUMNS));
  const tasks = () => batch * Math.ceil(m / mb) * Math.ceil(n / nb);
  while (tasks() < 16 && (mb > 32 || nb > 32)) {
    if (nb >= mb) nb = PANEL_COLUMNS * Math.ceil(nb / PANEL_COLUMNS / 2);
    else mb = 4 * Math.ceil(mb / 8);
  }
  return [mb, nb];
}

/** Packs [k, columns] matrices, whose strides are in bytes, into panels of eight columns. */
export function packPanels(
  backend: SimdBackend,
  source: { address: number; batch?: number; kStride: number; nStride: number },
  target: number,
  { k, n, batch = 1 }: { k: number; n: number; batch?: number },
): void {
  backend.run('packPanels', batch * Math.ceil(n / PANEL_COLUMNS), {
    source: source.address,
    batch: source.batch ?? 0,
    kStride: source.kStride,
    nStride: source.nStride,
    target,
    k,
    columns: n,
  });
}

/** Bytes of the panels of one matrix. */
export const panelBytes = (k: number, n: number) => Math.ceil(n / PANEL_COLUMNS) * k * PANEL_ROW;
