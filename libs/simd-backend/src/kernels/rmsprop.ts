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
      const [moved, square] = [backend.output(variable.shape), backend.output(variable.shape)];
      backend.run('rmsProp', Math.ceil(size / BLOCK), {
        w: backend.address(variable),
        s: backend.address(meanSquare),
        g: backend.address(gradient),
        newW: backend.address(moved),
        newS: backend.address(square),
        size,
        block: BLOCK,
        rate: attrs.rate,
        decay: attrs.decay,
        epsilon: attrs.epsilon,
      });
      return [moved, square];
    },
    ({ inputs: { variable, meanSquare, gradient } }) =>
      [meanSquare, gradient].every(({ shape }) => util.arraysEqual(shape, variable.shape)),
  ),
];
