import { broadcast_util, util, type TensorInfo } from '@tensorflow/tfjs';
import type { SimdBackend } from '../backend.js';
import { BinaryOperation, UnaryOperation } from '../kernel-bindings.js';
import { broadcastTo, tile } from './shape.js';
import { kernel } from './kernel.js';

/** Floats that one task handles. */
const BLOCK = 16_384;

/** How an operand lies along the rows and columns of a result: 0 repeats. */
interface Operand {
  readonly address: number;
  readonly row: number;
  readonly column: 0 | 1;
}

/** Where two operands lie, as kernels that broadcast read them. */
interface Pairing {
  readonly a: number;
  readonly aRow: number;
  readonly aColumn: 0 | 1;
  readonly b: number;
  readonly bRow: number;
  readonly bColumn: 0 | 1;
  readonly size: number;
  readonly columns: number;
  readonly rowsPerTask: number;
}

/** Runs a kernel that broadcasts a and b to `shape`. */
export function paired(
  backend: SimdBackend,
  a: TensorInfo,
  b: TensorInfo,
  shape: readonly number[],
  run: (tasks: number, pairing: Pairing) => void,
): void {
  const size = util.sizeFromShape([...shape]);
  if (size === 0) return;
  const temporary: TensorInfo[] = [];
  /** Repeats an operand that no pair of strides describes. */
  const whole = (operand: TensorInfo) => {
    const copy = broadcastTo(backend, operand, shape);
    temporary.push(copy);
    return copy;
  };
  let [sizeA, sizeB] = [util.sizeFromShape(a.shape), util.sizeFromShape(b.shape)];
  let columns: number | undefined;
  if (sizeA < size && sizeB < size && sizeA > 1 && sizeB > 1) a = whole(a);
  sizeA = util.sizeFromShape(a.shape);
  const small = sizeA < size && sizeA > 1 ? a : sizeB < size && sizeB > 1 ? b : undefined;
  if (small) {
    columns = columnsOf(small.shape, shape);
    if (columns === undefined) {
      const copy = whole(small);
      if (small === a) [a, sizeA] = [copy, size];
      else [b, sizeB] = [copy, size];
    } else if (columns > 0 && columns < 64 && columns < size) {
      // Short rows repeated to long ones, so that they are worth a loop.
      const times = Math.ceil(64 / columns);
      const flat = { ...small, shape: [columns] };
      const longer = tile(backend, flat, [times]);
      temporary.push(longer);
      if (small === a) [a, sizeA] = [longer, columns];
      else [b, sizeB] = [longer, columns];
      columns *= times;
    }
  }
  const rowLength = columns && columns > 0 ? columns : columns ? size / -columns : BLOCK;
  const operand = (tensor: TensorInfo, tensorSize: number): Operand => {
    const address = backend.address(tensor);
    if (tensorSize === size) return { address, row: rowLength, column: 1 };
    if (tensorSize === 1) return { address, row: 0, column: 0 };
    return columns! > 0 ? { address, row: 0, column: 1 } : { address, row: 1, column: 0 };
  };
  const [left, right] = [operand(a, sizeA), operand(b, sizeB)];
  const rows = Math.ceil(size / rowLength);
  const rowsPerTask = Math.max(1, Math.round(BLOCK / rowLength));
  run(Math.ceil(rows / rowsPerTask), {
    a: left.address,
    aRow: left.row,
    aColumn: left.column,
    b: right.address,
    bRow: right.row,
    bColumn: right.column,
    size,
    columns: rowLength,
    rowsPerTask,
  });
  for (const tensor of temporary) backend.disposeData(tensor.dataId);
}

type BinaryName = keyof typeof BinaryOperation;

/** a (op) b with broadcasting, a new tensor unless it goes into `out`, which may be a. */
export function binary(
  backend: SimdBackend,
  name: BinaryName,
  a: TensorInfo,
  b: TensorInfo,
  out?: TensorInfo,
): TensorInfo {
  const shape = broadcast_util.assertAndGetBroadcastShape(a.shape, b.shape);
  out ??= backend.output(shape);
  const to = backend.address(out);
  paired(backend, a, b, shape, (tasks, pairing) =>
    backend.run('binary', tasks, { operation: BinaryOperation[name], out: to, ...pairing }),
  );
  return out;
}

/**
 * How a smaller operand repeats: n > 0 when it is a row of n that every row of the result uses, -n
 * when it is a column of n values, one for each row; undefined when it is neither.
 */
function columnsOf(own: readonly number[], shape: readonly number[]): number | undefined {
  const full = [...Array<number>(shape.length - own.length).fill(1), ...own];
  const size = util.sizeFromShape(full);
  const first = full.findIndex((n, axis) => n !== shape[axis]);
  const last = full.findLastIndex((n, axis) => n !== shape[axis]);
  const repeated = full.slice(first, last + 1).every((n) => n === 1);
  if (!repeated) return undefined;
  const [before, after] = [full.slice(0, first), full.slice(last + 1)].map(util.sizeFromShape);
  if (before === 1 && after === size) return size;
  if (after === 1 && before === size) return -size;
  return undefined;
}

type UnaryName = keyof typeof UnaryOperation;

/** f(x), a new tensor unless it goes into `out`, which may be x. */
export function unary(
  backend: SimdBackend,
  name: UnaryName,
  x: TensorInfo,
  p = 0,
  q = 0,
  out?: TensorInfo,
): TensorInfo {
  const size = util.sizeFromShape(x.shape);
  const from = backend.address(x);
  out ??= backend.output(x.shape);
  backend.run('unary', Math.ceil(size / BLOCK), {
    operation: UnaryOperation[name],
    x: from,
    out: backend.address(out),
    size,
    block: BLOCK,
    p,
    q,
  });
  return out;
}

type AB = { a: TensorInfo; b: TensorInfo };
type X = { x: TensorInfo };

const binaryKernel = (kernelName: string, name: BinaryName) =>
  kernel<AB>(kernelName, ({ inputs: { a, b }, backend }) => binary(backend, name, a, b));

const unaryKernel = (kernelName: string, name: UnaryName, p = 0, q = 0) =>
  kernel<X>(kernelName, ({ inputs: { x }, backend }) => unary(backend, name, x, p, q));

export const elementwiseKernels = [
  binaryKernel('Add', 'add'),
  binaryKernel('Sub', 'subtract'),
  binaryKernel('Multiply', 'multiply'),
  binaryKernel('RealDiv', 'divide'),
  binaryKernel('Maximum', 'maximum'),
  binaryKernel('Minimum', 'minimum'),
  binaryKernel('SquaredDifference', 'squaredDifference'),
  kernel<TensorInfo[]>(
    'AddN',
    ({ inputs, backend }) =>
      inputs.slice(1).reduce(
        (sum, input, i) => {
          const next = binary(backend, 'add', sum, input);
          if (i > 0) backend.disposeData(sum.dataId);
          return next;
        },
        inputs.length > 1 ? inputs[0] : backend.alias(inputs[0], inputs[0].shape),
      ),
    ({ inputs }) => inputs.every(({ shape }) => util.arraysEqual(shape, inputs[0].shape)),
  ),
  unaryKernel('Neg', 'negate'),
  unaryKernel('Abs', 'absolute'),
  unaryKernel('Square', 'square'),
  unaryKernel('Sqrt', 'root'),
  unaryKernel('Rsqrt', 'reciprocalRoot'),
  unaryKernel('Reciprocal', 'reciprocal'),
  unaryKernel('Exp', 'exponential'),
  unaryKernel('Log', 'logarithm'),
  unaryKernel('Floor', 'floor'),
  unaryKernel('Sigmoid', 'sigmoid'),
  unaryKernel('Tanh', 'hyperbolicTangent'),
  // As a clip, because the slope 0 of -infinity would be NaN.
  unaryKernel('Relu', 'clip', 0, Infinity),
  unaryKernel('Relu6', 'clip', 0, 6),
  kernel<X, { alpha: number }>('LeakyRelu', ({ inputs: { x }, attrs, backend }) =>
    unary(backend, 'rectify', x, attrs.alpha),
  ),
  kernel<X, { alpha: number }>('Step', ({ inputs: { x }, attrs, backend }) =>
    unary(backend, 'step', x, attrs.alpha),
  ),
  kernel<X, { clipValueMin: number; clipValueMax: number }>(
    'ClipByValue',
    ({ inputs: { x }, attrs, backend }) =>
      unary(backend, 'clip', x, attrs.clipValueMin, attrs.clipValueMax),
  ),
];
