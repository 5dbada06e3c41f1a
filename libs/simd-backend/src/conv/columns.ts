import type { SimdBackend } from '../backend.js';
import { fill } from '../copy.js';
import {
  columns as transposed,
  gemm,
  packPanels,
  panelBytes,
  packed,
  rows as plainRows,
} from '../gemm.js';
import { IM2COL_ROWS, SUM_COLUMNS, type Geometry, type Pointer } from '../kernel-bindings.js';
import { patchSize, product, withGeometry, type ConvGeometry } from './geometry.js';

/*
 * Any convolution as a matrix product: patches of x are unfolded into rows (im2col) and multiplied
 * by the filter [patch, yChannels]. This is also the fastest way for few channels, because then a
 * patch is short.
 */

/** Unfolded patches are made and used in portions of about this size, which the caches hold. */
const PORTION_BYTES = 4 * 2 ** 20;

interface Portion {
  readonly first: number;
  readonly rows: number;
}

function portions(total: number, rowBytes: number, whole = 1): Portion[] {
  const fitting = Math.max(1, Math.floor(PORTION_BYTES / rowBytes));
  const size = fitting < whole ? Math.min(fitting, whole) : fitting - (fitting % whole);
  const count = Math.ceil(total / size);
  return Array.from({ length: count }, (_, i) => ({
    first: i * size,
    rows: Math.min(size, total - i * size),
  }));
}

/** Unfolds the patches that `rows` outputs from number `first` on see, into rows of floats. */
function unfold(
  backend: SimdBackend,
  geometry: Pointer<Geometry>,
  x: number,
  columns: number,
  patch: number,
  { first, rows }: Portion,
): void {
  const tasks = Math.ceil(rows / IM2COL_ROWS);
  backend.run('im2col', tasks, { g: geometry, x, columns, rowBytes: patch * 4, first, rows });
}

/**
 * y = x * w: fills y [batch, ...ySize, yChannels]; `panels` are the filter's, from {@link
 * filterPanels}.
 */
export function forward(
  backend: SimdBackend,
  g: ConvGeometry,
  x: number,
  panels: number,
  y: number,
): void {
  const [k, n] = [patchSize(g), g.yChannels];
  const total = g.batch * product(g.ySize);
  const right = packed(panels, k);
  if (isPointwise(g)) {
    gemm(backend, { m: total, n, k }, plainRows(x, k * 4), right, {
      address: y,
      batch: 0,
      row: n * 4,
    });
    return;
  }
  withGeometry(backend, g, (geometry) => {
    for (const portion of portions(total, k * 4)) {
      const { first, rows } = portion;
      backend.scratch([rows * k * 4], (patches) => {
        unfold(backend, geometry, x, patches, k, portion);
        const out = { address: y + first * n * 4, batch: 0, row: n * 4 };
        gemm(backend, { m: rows, n, k }, plainRows(patches, k * 4), right, out);
      });
    }
  });
}

/** The filter's panels for {@link forward}. */
export function filterPanels(
  backend: SimdBackend,
  g: ConvGeometry,
  w: number,
  panels: number,
): void {
  const [k, n] = [patchSize(g), g.yChannels];
  packPanels(backend, { address: w, kStride: n * 4, nStride: 4 }, panels, { k, n });
}

/** The transposed filter's panels for {@link inputGradient}. */
export function transposedPanels(
  backend: SimdBackend,
  g: ConvGeometry,
  w: number,
  panels: number,
): void {
  const [k, n] = [g.yChannels, patchSize(g)];
  packPanels(backend, { address: w, kStride: 4, nStride: k * 4 }, panels, { k, n });
}

/** Bytes of {@link filterPanels}. */
export const filterPanelBytes = (g: ConvGeometry) => panelBytes(patchSize(g), g.yChannels);

/** Bytes of {@link transposedPanels}. */
export const transposedPanelBytes = (g: ConvGeometry) => panelBytes(g.yChannels, patchSize(g));

/** dx, the adjoint of {@link forward} in x; also what a transposed convolution computes. */
export function inputGradient(
  backend: SimdBackend,
  g: ConvGeometry,
  dy: number,
  panels: number,
  dx: number,
): void {
  const [k, n] = [g.yChannels, patchSize(g)];
  const perSample = product(g.ySize);
  const total = g.batch * perSample;
  const right = packed(panels, k);
  if (isPointwise(g)) {
    gemm(backend, { m: total, n, k }, plainRows(dy, k * 4), right, {
      address: dx,
      batch: 0,
      row: n * 4,
    });
    return;
  }
  const lines = g.xSize[0] * g.xSize[1];
  fill(backend, dx, g.batch * product(g.xSize) * g.xChannels, 0);
  withGeometry(backend, g, (geometry) => {
    // Whole samples where they fit, so that each line of dx is visited once.
    for (const { first, rows } of portions(total, n * 4, perSample)) {
      backend.scratch([rows * n * 4], (patches) => {
        const left = plainRows(dy + first * k * 4, k * 4);
        gemm(backend, { m: rows, n, k }, left, right, { address: patches, batch: 0, row: n * 4 });
        const firstLine = Math.floor(first / perSample) * lines;
        const endLine = Math.ceil((first + rows) / perSample) * lines;
        backend.run('col2im', endLine - firstLine, {
          g: geometry,
          x: dx,
          columns: patches,
          rowBytes: n * 4,
          first,
          rows,
          firstLine,
        });
      });
    }
  });
}

/** dw, the adjoint of {@link forward} in w. */
export function filterGradient(
  backend: SimdBackend,
  g: ConvGeometry,
  x: number,
  dy: number,
  dw: number,
): void {
  const [m, n] = [patchSize(g), g.yChannels];
  const total = g.batch * product(g.ySize);
  withGeometry(backend, g, (geometry) => {
    portions(total, m * 4).forEach((portion, number) => {
      const { first, rows } = portion;
      const pointwise = isPointwise(g);
      backend.scratch([pointwise ? 0 : rows * m * 4], (unfolded) => {
        let patches = x + first * m * 4;
        if (!pointwise) {
          patches = unfolded;
          unfold(backend, geometry, x, patches, m, portion);
        }
        const from = { address: dy + first * n * 4, row: n * 4 };
        addOuterProducts(backend, { m, n, rows }, patches, from, dw, number > 0);
      });
    });
  });
}

/**
 * dw += patches' dy over `rows` rows. The product itself may be too small to give every thread a
 * task, so the rows are cut into slices, and each slice has its own sums. Their number does not
 * depend on the threads.
 */
function addOuterProducts(
  backend: SimdBackend,
  { m, n, rows }: { m: number; n: number; rows: number },
  patches: number,
  dy: { address: number; row: number },
  dw: number,
  accumulate: boolean,
): void {
  const slices = Math.max(1, Math.min(16, Math.floor(rows / 256), Math.floor(2 ** 20 / (m * n))));
  const k = Math.floor(rows / slices);
  const rest = rows - k * slices;
  const bytes = m * n * 4;
  const parts = slices + (rest > 0 ? 1 : 0);
  // A single slice is written to dw directly.
  const direct = parts === 1;
  backend.scratch([direct ? 0 : parts * bytes], (apart) => {
    const sums = direct ? dw : apart;
    const multiply = (first: number, k: number, batch: number, address: number, add = false) => {
      const left = transposed(patches + first * m * 4, m * 4, k * m * 4);
      const right = plainRows(dy.address + first * dy.row, dy.row, k * dy.row);
      const out = { address, batch: bytes, row: n * 4 };
      gemm(backend, { m, n, k, batch }, left, right, out, { accumulate: add });
    };
    multiply(0, k, slices, sums, direct && accumulate);
    if (direct) return;
    if (rest > 0) multiply(k * slices, rest, 1, sums + slices * bytes);
    const size = m * n;
    backend.run('sumRows', Math.ceil(size / SUM_COLUMNS), {
      x: sums,
      out: dw,
      slices: 1,
      length: parts,
      lastLength: parts,
      inner: size,
      sliceStride: 0,
      rowStride: bytes,
      scale: 1,
      accumulate,
    });
  });
}

function isPointwise(g: ConvGeometry): boolean {
  const ones = [...g.kernel, ...g.stride].every((size) => size === 1);
  return ones && g.pad.every((size) => size === 0);
}
