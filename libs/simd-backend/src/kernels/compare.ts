import { broadcast_util, util, type TensorInfo } from '@tensorflow/tfjs';
import type { SimdBackend } from '../backend.js';
import { Comparison, LogicOperation } from '../kernel-bindings.js';
import { paired } from './elementwise.js';
import { kernel, type KernelCall, type SimdKernel } from './kernel.js';

/** Bytes that one task handles. */
const BLOCK = 65_536;

/** Whether a comparison of a and b holds, with broadcasting: a new tensor of booleans. */
function compare(
  backend: SimdBackend,
  name: keyof typeof Comparison,
  a: TensorInfo,
  b: TensorInfo,
): TensorInfo {
  const shape = broadcast_util.assertAndGetBroadcastShape(a.shape, b.shape);
  const out = backend.output(shape, 'bool');
  const to = backend.address(out, 'bool');
  paired(backend, a, b, shape, (tasks, pairing) =>
    backend.run('compare', tasks, { comparison: Comparison[name], out: to, ...pairing }),
  );
  return out;
}

type AB = { a: TensorInfo; b: TensorInfo };

const comparison = (kernelName: string, name: keyof typeof Comparison) =>
  kernel<AB>(kernelName, ({ inputs: { a, b }, backend }) => compare(backend, name, a, b));

/** The same with the operands exchanged. */
const exchanged = (kernelName: string, name: keyof typeof Comparison) =>
  kernel<AB>(kernelName, ({ inputs: { a, b }, backend }) => compare(backend, name, b, a));

/** An operation on booleans of one shape; the cpu kernels broadcast. */
const logic = (kernelName: string, name: keyof typeof LogicOperation): SimdKernel => ({
  kernelName,
  accepts: ({ inputs, backend }) => {
    const { a, b = a } = operandsOf(inputs);
    const areHeld = backend.holds(a, 'bool') && backend.holds(b, 'bool');
    return areHeld && util.arraysEqual(a.shape, b.shape);
  },
  run: ({ inputs, backend }) => {
    const { a, b = a } = operandsOf(inputs);
    const size = util.sizeFromShape(a.shape);
    const [left, right] = [backend.address(a, 'bool'), backend.address(b, 'bool')];
    const out = backend.output(a.shape, 'bool');
    backend.run('logic', Math.ceil(size / BLOCK), {
      operation: LogicOperation[name],
      a: left,
      b: right,
      out: backend.address(out, 'bool'),
      size,
      block: BLOCK,
    });
    return out;
  },
});

/** LogicalNot calls its operand x. */
function operandsOf(inputs: KernelCall['inputs']): { a: TensorInfo; b?: TensorInfo } {
  return inputs.x ? { a: inputs.x as TensorInfo } : (inputs as AB);
}

export const compareKernels = [
  comparison('Greater', 'greater'),
  comparison('GreaterEqual', 'greaterEqual'),
  exchanged('Less', 'greater'),
  exchanged('LessEqual', 'greaterEqual'),
  comparison('Equal', 'equal'),
  comparison('NotEqual', 'notEqual'),
  logic('LogicalAnd', 'and'),
  logic('LogicalOr', 'or'),
  logic('LogicalNot', 'not'),
];
