import { broadcast_util, util, type TensorInfo } from '@tensorflow/tfjs';
import type { SimdBackend } from '../backend.js';
import { columns, gemm, rows } from '../gemm.js';
import { kernel } from './kernel.js';

export interface MatMulAttrs {
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
}

interface Operands {
  readonly a: TensorInfo;
  readonly b: TensorInfo;
}

/**
 * The batched product of a [..., m, k] and b [..., k, n], either transposed on request; batch
 * dimensions broadcast.
 *
 * @returns a new tensor [..., m, n].
 */
export function matMul(
  backend: SimdBackend,
  a: TensorInfo,
  b: TensorInfo,
  { transposeA = false, transposeB = false }: MatMulAttrs,
): TensorInfo {
  const [aBatch, aMatrix] = split(a.shape);
  const [bBatch, bMatrix] = split(b.shape);
  const [m, k] = transposeA ? [...aMatrix].reverse() : aMatrix;
  const n = bMatrix[transposeB ? 0 : 1];
  const batchShape = broadcast_util.assertAndGetBroadcastShape(aBatch, bBatch);
  const [aCount, bCount] = [util.sizeFromShape(aBatch), util.sizeFromShape(bBatch)];
  const batch = util.sizeFromShape(batchShape);
  const [from, other] = [backend.address(a), backend.address(b)];
  const out = backend.output([...batchShape, m, n]);
  const to = backend.address(out);
  const product = (address: number, batch: number) => ({ address, batch, row: n * 4 });
  const lefts = (at: number, batch: number) =>
    transposeA ? columns(at, m * 4, batch) : rows(at, k * 4, batch);
  const rights = (at: number, batch: number) =>
    transposeB ? columns(at, k * 4, batch) : rows(at, n * 4, batch);
  const even = (count: number) => count === 1 || count === batch;
  if (even(aCount) && even(bCount)) {
    const left = lefts(from, aCount === 1 ? 0 : m * k * 4);
    const right = rights(other, bCount === 1 ? 0 : k * n * 4);
    // A Gram matrix, W W' or W' W: half of it will do.
    const same = a.dataId === b.dataId && util.arraysEqual(a.shape, b.shape);
    const upper = same && transposeA !== transposeB;
    gemm(backend, { m, n, k, batch }, left, right, product(to, m * n * 4), { upper });
    if (upper) backend.run('mirrorUpper', batch * n, { c: to, size: n });
    return out;
  }
  for (let p = 0; p < batch; p++) {
    const aAt = from + matrixOf(p, batchShape, aBatch) * m * k * 4;
    const bAt = other + matrixOf(p, batchShape, bBatch) * k * n * 4;
    gemm(backend, { m, n, k }, lefts(aAt, 0), rights(bAt, 0), product(to + p * m * n * 4, 0));
  }
  return out;
}

/**
 * Whether {@link matMul} takes these operands: matrices with the same number of inner terms, none
 * of them empty.
 */
export function isProduct({ a, b }: Operands, { transposeA, transposeB }: MatMulAttrs): boolean {
  const inner = a.shape.at(transposeA ? -2 : -1);
  return (
    [a, b].every(({ shape }) => shape.length >= 2 && util.sizeFromShape(shape) > 0) &&
    inner === b.shape.at(transposeB ? -1 : -2)
  );
}

const split = (shape: number[]) => [shape.slice(0, -2), shape.slice(-2)];

/** Which matrix of an operand of shape `batch` the product number `p` of shape `out` uses. */
function matrixOf(p: number, out: readonly number[], batch: readonly number[]): number {
  let index = 0;
  let stride = 1;
  for (let axis = out.length - 1, own = batch.length - 1; axis >= 0; axis--, own--) {
    const at = p % out[axis];
    p = Math.floor(p / out[axis]);
    if (own < 0) break;
    if (batch[own] > 1) index += at * stride;
    stride *= batch[own];
  }
  return index;
}

export const matMulKernels = [
  kernel<Operands, MatMulAttrs>(
    'BatchMatMul',
    ({ inputs: { a, b }, attrs, backend }) => matMul(backend, a, b, attrs),
    ({ inputs, attrs }) => isProduct(inputs, attrs),
  ),
];
