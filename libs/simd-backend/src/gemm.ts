import type { SimdBackend } from './backend.js';

/**
 * Where the elements of a batch of left matrices A[p] [m, k] lie, in bytes: element (m, k) of A[p] is at
 * `address + p*batch + m*row + k*step`.
 */
export interface Left {
  readonly address: number;
  readonly batch: number;
  readonly row: number;
  readonly step: number;
}

/** Right matrices B[p] [k, n]: element (k, n) is at `address + p*batch + floor(n/8)*panel + k*32 + (n%8)*4`. */
export interface Right {
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
export const rows = (address: number, row: number, batch = 0): Left => ({
  ...{ address, batch, row, step: 4 },
});

/** The transpose of plain rows: A (m, k) is element m of row k. */
export const columns = (address: number, row: number, batch = 0): Left => ({
  ...{ address, batch, row: 4, step: row },
});

/** Panels [n / 8][k][8], as packPanels makes them. */
export const rightPanels = (address: number, k: number, batch = 0): Right => ({
  address,
  batch,
  panel: k * 32,
});

/** C[p] = A[p] B[p] for p < batch: added to what C holds when `accumulate`, down to its diagonal when `upper`. */
export function gemm(
  backend: SimdBackend,
  { m, n, k, batch = 1 }: { m: number; n: number; k: number; batch?: number },
  a: Left,
  b: Right,
  c: Product,
  { accumulate = false, upper = false } = {},
): void {
  const [mb, nb] = blockSizes(m, n, batch);
  const tasks = batch * Math.ceil(m / mb) * Math.ceil(n / nb);
  const left = [a.address, a.batch, a.row, a.step];
  const right = [b.address, b.batch, b.panel];
  const product = [c.address, c.batch, c.row];
  const flags = [accumulate, upper].map(Number);
  const args = [m, n, k, ...left, ...right, ...product, ...flags, mb, nb, Number(backend.wide)];
  backend.run('gemm', tasks, args);
}

/**
 * Blocks whose part of A stays in the L2 cache and fits assembly/scratch.ts, smaller where there would be too few tasks
 * to share out.
 */
function blockSizes(m: number, n: number, batch: number): [number, number] {
  let mb = Math.min(128, 4 * Math.ceil(m / 4));
  let nb = Math.min(256, 8 * Math.ceil(n / 8));
  const tasks = () => batch * Math.ceil(m / mb) * Math.ceil(n / nb);
  while (tasks() < 16 && (mb > 32 || nb > 32)) {
    if (nb >= mb) nb = 8 * Math.ceil(nb / 16);
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
  const { address, batch: stride = 0, kStride, nStride } = source;
  const args = [address, stride, kStride, nStride, target, k, n];
  backend.run('packPanels', batch * Math.ceil(n / 8), args);
}

/** Bytes of the panels of one matrix. */
export const panelBytes = (k: number, n: number) => k * Math.ceil(n / 8) * 32;
