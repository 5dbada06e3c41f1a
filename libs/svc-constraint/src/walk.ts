import type * as tf from '@tensorflow/tfjs';
import type { KernelLayout } from './kernels.js';

/** A weight of a layer, with its name in reports, such as `critic/conv3d_1/kernel`. */
export interface NamedWeight {
  readonly name: string;
  readonly weight: tf.LayerVariable;
}

/** A kernel that can be clipped. */
export interface NamedKernel extends NamedWeight {
  readonly layout: KernelLayout;
  /** The layer, and the name of its field that holds the kernel. */
  readonly layer: tf.layers.Layer;
  readonly field: string;
  /** The shape of the layer's input, [batch, ...], at the first place where the layer is used. */
  readonly inputShape: () => tf.Shape;
}

/** A batch norm with a scale. */
export interface NamedGamma extends NamedWeight {
  readonly movingVariance: tf.LayerVariable;
  readonly epsilon: number;
}

/** What can be constrained in a model. */
export interface Constrained {
  readonly kernels: readonly NamedKernel[];
  readonly gammas: readonly NamedGamma[];
  /** Names of weights of two axes or more that are neither. */
  readonly skipped: readonly string[];
  /** Every learned weight: all but running statistics. */
  readonly parameters: readonly tf.LayerVariable[];
}

/** The kernels of tfjs's own layers, by class. */
const KERNELS: Readonly<Record<string, readonly (readonly [WeightField, KernelLayout])[]>> = {
  Dense: [['kernel', 'convolution']],
  Conv1D: [['kernel', 'convolution']],
  Conv2D: [['kernel', 'convolution']],
  Conv3D: [['kernel', 'convolution']],
  Conv2DTranspose: [['kernel', 'transposed']],
  Conv3DTranspose: [['kernel', 'transposed']],
  DepthwiseConv2D: [['depthwiseKernel', 'depthwise']],
  // A recurrent cell multiplies its input by one matrix for all gates, and its state by another.
  LSTMCell: recurrent(),
  GRUCell: recurrent(),
  SimpleRNNCell: recurrent(),
  SeparableConv2D: [
    ['depthwiseKernel', 'depthwise'],
    ['pointwiseKernel', 'convolution'],
  ],
};

function recurrent(): readonly (readonly [WeightField, KernelLayout])[] {
  return [
    ['kernel', 'convolution'],
    ['recurrentKernel', 'convolution'],
  ];
}

type WeightField =
  | 'kernel'
  | 'recurrentKernel'
  | 'depthwiseKernel'
  | 'pointwiseKernel'
  | 'gamma'
  | 'movingMean'
  | 'movingVariance';

/**
 * Chooses layers of a model, such as `({ name }) => name !== 'score'`. Each layer of a nested model
 * is asked for. What a wrapper wraps goes with the wrapper, and a cell with its recurrent layer.
 */
export type LayerFilter = (layer: tf.layers.Layer) => boolean;

/** The fields of layers that the types of tfjs do not export. */
type Layer = Pick<tf.layers.Layer, 'name' | 'getClassName' | 'getInputAt'> &
  Partial<Record<WeightField, tf.LayerVariable | null>> & {
    readonly epsilon?: number;
    /** The layers of a nested model. */
    readonly layers?: readonly Layer[];
    /** What a wrapper such as TimeDistributed wraps. */
    readonly layer?: Layer;
    /** The two layers that Bidirectional makes of the one that it wraps. */
    readonly forwardLayer?: Layer;
    readonly backwardLayer?: Layer;
    /** What a recurrent layer does at each time. */
    readonly cell?: Layer;
    /** The cells that a recurrent layer runs one after the other. */
    readonly cells?: readonly Layer[];
  };

/**
 * Finds what can be constrained in a model, in nested models and wrapped layers too, each weight
 * once.
 *
 * Kernels are found by the class of their layer. A batch norm is any layer with the weights `gamma`
 * and `movingVariance`, also a custom one.
 *
 * @param isChosen - which layers have weights to constrain. Default: all.
 * @throws Error when the model has no weights.
 */
export function constrainedWeights(
  model: tf.LayersModel,
  isChosen: LayerFilter = () => true,
): Constrained {
  const weights = [...new Set(model.weights)];
  if (weights.length === 0) {
    throw new Error(`${model.name} has no weights to constrain: add layers to it first`);
  }
  const kernels: NamedKernel[] = [];
  const gammas: NamedGamma[] = [];
  const seen = new Set<tf.LayerVariable>();
  const statistics = new Set<tf.LayerVariable>();

  const visit = (
    layer: Layer,
    path: string,
    inputShape = () => (layer.getInputAt(0) as tf.SymbolicTensor).shape,
    chosen = isChosen(layer as unknown as tf.layers.Layer),
  ): void => {
    for (const child of layer.layers ?? []) visit(child, `${path}${child.name}/`);
    // A wrapper has a time axis that the wrapped layer does not see.
    const withoutTime = () => inputShape().filter((_, axis) => axis !== 1);
    if (layer.layer) visit(layer.layer, path, withoutTime, chosen);
    for (const way of [layer.forwardLayer, layer.backwardLayer]) {
      if (way) visit(way, `${path}${way.name}/`, inputShape, chosen);
    }
    if (layer.cell) visit(layer.cell, path, inputShape, chosen);
    for (const cell of layer.cells ?? []) visit(cell, `${path}${cell.name}/`, inputShape, chosen);
    const { gamma, movingMean, movingVariance, epsilon = 0 } = layer;
    if (movingMean) statistics.add(movingMean);
    if (movingVariance) statistics.add(movingVariance);
    if (!chosen) return;
    for (const [field, layout] of KERNELS[layer.getClassName()] ?? []) {
      const weight = layer[field];
      if (!weight || seen.has(weight)) continue;
      seen.add(weight);
      const owner = layer as unknown as tf.layers.Layer;
      kernels.push({ name: `${path}${field}`, weight, layout, layer: owner, field, inputShape });
    }
    if (gamma && movingVariance && !seen.has(gamma)) {
      seen.add(gamma);
      gammas.push({ name: `${path}gamma`, weight: gamma, movingVariance, epsilon });
    }
  };
  visit(model as unknown as Layer, '');

  return {
    kernels,
    gammas,
    skipped: weights.filter((w) => w.shape.length >= 2 && !seen.has(w)).map((w) => w.name),
    parameters: weights.filter((w) => !statistics.has(w)),
  };
}
