import { util, type TensorInfo } from '@tensorflow/tfjs';
import { kernel } from './kernel.js';

/** About how many floats one task handles. */
const TASK_FLOATS = 8192;

export const softmaxKernels = [
  kernel<{ logits: TensorInfo }, { dim: number }>(
    'Softmax',
    ({ inputs: { logits }, backend }) => {
      const length = logits.shape.at(-1)!;
      const rows = util.sizeFromShape(logits.shape) / length;
      const x = backend.address(logits);
      const out = backend.output(logits.shape);
      const rowsPerTask = Math.max(1, Math.round(TASK_FLOATS / length));
      backend.run('softmax', Math.ceil(rows / rowsPerTask), {
        ...{ x, out: backend.address(out), rows, length, rowsPerTask },
      });
      return out;
    },
    ({ inputs: { logits }, attrs: { dim } }) =>
      (dim === -1 || dim === logits.shape.length - 1) && util.sizeFromShape(logits.shape) > 0,
  ),
];
