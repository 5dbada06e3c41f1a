import type * as tf from '@tensorflow/tfjs';
import { BatchNorm } from './batch-norm.js';
import type { BatchShare } from './batch-share.js';
import { GaussianNoise } from './gaussian-noise.js';

/**
 * Tells the layers of a network that the batches to come are parts of larger ones. Several
 * processes then compute together what one would: each {@link BatchNorm} has the statistics of the
 * whole batch, and each {@link GaussianNoise} adds this part of its noise.
 *
 * All processes must do the same passes in the same order.
 *
 * @param share - undefined: batches are whole again.
 */
export function shareBatch(network: tf.LayersModel, share: BatchShare | undefined): void {
  for (const layer of network.layers) {
    if (layer instanceof BatchNorm || layer instanceof GaussianNoise) layer.share = share;
  }
}
