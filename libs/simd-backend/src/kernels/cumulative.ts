import { util, type TensorInfo } from '@tensorflow/tfjs';
import { SUM_COLUMNS } from '../kernel-bindings.js';
import { aroundAxis } from './axis.js';
import { kernel } from './kernel.js';

interface CumsumAttrs {
  readonly axis: number;
  readonly exclusive: boolean;
  readonly reverse: boolean;
}

export const cumulativeKernels = [
  kernel<{ x: TensorInfo }, CumsumAttrs>(
    'Cumsum',
    ({ inputs: { x }, attrs, backend }) => {
      const { outer, size, inner } = aroundAxis(x.shape, attrs.axis)!;
      const from = backend.address(x);
      const out = backend.output(x.shape);
      backend.run('cumulativeSum', outer * Math.ceil(inner / SUM_COLUMNS), {
        ...{ x: from, out: backend.address(out), size, inner },
        ...{ exclusive: Boolean(attrs.exclusive), reverse: Boolean(attrs.reverse) },
      });
      return out;
    },
    ({ inputs: { x }, attrs: { axis } }) =>
      aroundAxis(x.shape, axis) !== undefined && util.sizeFromShape(x.shape) > 0,
  ),
];
