import { util, type TensorInfo } from '@tensorflow/tfjs';
import { aroundAxis } from './axis.js';
import { kernel } from './kernel.js';

/** About how many floats one task reads. */
const TASK_FLOATS = 16_384;

const argExtreme = (kernelName: string, smallest: boolean) =>
  kernel<{ x: TensorInfo }, { axis: number }>(
    kernelName,
    ({ inputs: { x }, attrs, backend }) => {
      const { axis, outer, size, inner } = aroundAxis(x.shape, attrs.axis)!;
      const from = backend.address(x);
      const out = backend.output(x.shape.toSpliced(axis, 1), 'int32');
      const count = outer * inner;
      const perTask = Math.max(1, Math.round(TASK_FLOATS / size));
      backend.run('argExtreme', Math.ceil(count / perTask), {
        x: from,
        out: backend.address(out, 'int32'),
        ...{ count, size, inner, smallest, perTask },
      });
      return out;
    },
    ({ inputs: { x }, attrs: { axis } }) =>
      aroundAxis(x.shape, axis) !== undefined && util.sizeFromShape(x.shape) > 0,
  );

export const argExtremeKernels = [argExtreme('ArgMax', false), argExtreme('ArgMin', true)];
