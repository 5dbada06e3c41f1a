import type * as tf from '@tensorflow/tfjs';
import { BatchNorm } from './batch-norm.js';

/** Layers of tfjs that add a bias [channels] to their output [..., channels]. */
const biased = /^(Dense|Conv[123]D|Conv[23]DTranspose)$/;

/**
 * The biases that a batch norm takes away: those of layers whose output a {@link BatchNorm} reads
 * and nothing else does. In training nothing depends on them, because batch norm subtracts the mean
 * of the batch. Their gradients are 0; what a backward pass computes is rounding noise.
 */
export function redundantBiases(network: tf.LayersModel): tf.Variable[] {
  const readers = network.layers.filter((layer) => layer instanceof BatchNorm);
  return readers
    .flatMap(({ inboundNodes }) => inboundNodes.flatMap(({ inboundLayers }) => inboundLayers))
    .filter((layer) => {
      const { activation, dataFormat } = layer.getConfig();
      return (
        biased.test(layer.getClassName()) &&
        activation === 'linear' &&
        dataFormat !== 'channelsFirst' &&
        layer.outboundNodes.length === 1 &&
        !network.outputLayers.includes(layer)
      );
    })
    .flatMap(({ weights }) =>
      weights.filter(({ originalName }) => /(^|\/)bias$/.test(originalName)),
    )
    .map((bias) => bias.read() as tf.Variable);
}
