import { util, type TensorInfo } from '@tensorflow/tfjs';
import { kernel } from './kernel.js';

const BLOCK = 16_384;

interface RmsPropInputs {
  readonly variable: TensorInfo;
  readonly meanSquare: TensorInfo;
  readonly gradient: TensorInfo;
}

interface RmsPropAttrs {
  /** Step size; negative descends, positive ascends. */
  readonly rate: number;
  readonly decay: number;
  /** Added to the root of the mean square. */
  readonly epsilon: number;
}

/** `RmsProp`: [new variable, new mean square], in one pass over the four arrays. */
export const rmsPropKernels = [
  kernel<RmsPropInputs, RmsPropAttrs>(
    'RmsProp',
    ({ inputs, attrs, backend }) => {
      const { variable, meanSquare, gradient } = inputs;
      const size = util.sizeFromShape(variable.shape);
      const from = [variable, meanSquare, gradient].map((tensor) => backend.address(tensor));
      const [moved, square] = [backend.output(variable.shape), backend.output(variable.shape)];
      const to = [backend.address(moved), backend.address(square)];
      const args = [...from, ...to, size, BLOCK, attrs.rate, attrs.decay, attrs.epsilon];
      backend.run('rmsProp', Math.ceil(size / BLOCK), args);
      return [moved, square];
    },
    ({ inputs: { variable, meanSquare, gradient } }) =>
      [meanSquare, gradient].every(({ shape }) => util.arraysEqual(shape, variable.shape)),
  ),
];
