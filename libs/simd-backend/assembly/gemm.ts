import { Micro } from './micro';
import { Scratch } from './scratch';

/** Terms summed in registers before they are added to C: eight columns of B of this length stay in the L1 cache. */
const K_BLOCK = 512;

/**
 * One block of C[p] = A[p] B[p] for a batch of p, row-major C; all strides in bytes.
 *
 * Element (m, k) of A[p] is at `a + p*aBatch + (m/4)*aGroup + (m%4)*aRow + k*aStep`, element (k, n) of B[p] at
 * `b + p*bBatch + (n/8)*bPanel + (n%8)*4 + k*bStep`: this covers plain rows, transposed rows and packed panels.
 * B's panels must be whole (padded to eight columns). Task = (p, block of `nb` columns, block of `mb` rows).
 */
export function gemm(
  task: i32,
  thread: i32,
  m: i32,
  n: i32,
  k: i32,
  a: usize,
  aBatch: usize,
  aGroup: usize,
  aRow: usize,
  aStep: usize,
  b: usize,
  bBatch: usize,
  bPanel: usize,
  bStep: usize,
  c: usize,
  cBatch: usize,
  cRow: usize,
  accumulate: bool,
  mb: i32,
  nb: i32,
): void {
  const mBlocks = (m + mb - 1) / mb;
  const blocks = mBlocks * ((n + nb - 1) / nb);
  const p = task / blocks;
  const block = task - p * blocks;
  const m0 = (block % mBlocks) * mb;
  const m1 = min(m, m0 + mb);
  const n0 = (block / mBlocks) * nb;
  const n1 = min(n, n0 + nb);
  a += <usize>p * aBatch;
  b += <usize>p * bBatch;
  c += <usize>p * cBatch;

  for (let k0 = 0; k0 < k; k0 += K_BLOCK) {
    const kb = min(K_BLOCK, k - k0);
    const add = accumulate || k0 > 0;
    for (let j = n0; j < n1; j += 8) {
      const panel = b + <usize>(j >> 3) * bPanel + <usize>k0 * bStep;
      for (let i = m0; i < m1; i += 4) {
        const rows = m1 - i;
        const a0 = a + <usize>(i >> 2) * aGroup + <usize>k0 * aStep;
        const out = c + <usize>i * cRow + <usize>j * 4;
        if (rows >= 4 && j + 8 <= n) {
          Micro.tile4x8(
            kb,
            a0,
            a0 + aRow,
            a0 + 2 * aRow,
            a0 + 3 * aRow,
            aStep,
            panel,
            bStep,
            out,
            cRow,
            add,
          );
        } else {
          edge(kb, a0, aRow, aStep, panel, bStep, out, cRow, add, rows, n - j, Scratch.of(thread));
        }
      }
    }
  }
}

/** A tile that sticks out of C: computed aside, then the part inside is stored. Rows of A outside are not read. */
function edge(
  k: i32,
  a: usize,
  aRow: usize,
  aStep: usize,
  b: usize,
  bStep: usize,
  c: usize,
  cRow: usize,
  accumulate: bool,
  rows: i32,
  columns: i32,
  tile: usize,
): void {
  const last = <usize>(min(rows, 4) - 1);
  const a1 = a + min<usize>(1, last) * aRow;
  const a2 = a + min<usize>(2, last) * aRow;
  Micro.tile4x8(k, a, a1, a2, a + last * aRow, aStep, b, bStep, tile, 32, false);
  for (let i = 0; i < min(rows, 4); i++) {
    for (let j = 0; j < min(columns, 8); j++) {
      const from = tile + <usize>(i * 8 + j) * 4;
      const to = c + <usize>i * cRow + <usize>j * 4;
      store<f32>(to, accumulate ? load<f32>(to) + load<f32>(from) : load<f32>(from));
    }
  }
}
