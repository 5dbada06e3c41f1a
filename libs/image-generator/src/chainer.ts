import { chainerWeights, type ChainerArray, type ChainerWeight } from '@tgan/gan-layers';
import type * as tf from '@tensorflow/tfjs';

/** What the original code calls the layers right after the latents: s for slow (z0), f for fast (z1). */
const latentLinks: Record<string, string> = {
  l0s: 'linear_z0',
  bn0s: 'bn_z0',
  l0f: 'linear_z1',
  bn0f: 'bn_z1',
};

/**
 * Pairs every weight of an image generator with its value in a snapshot (`vgen`) of the original code.
 *
 * The original's linear layers fill their small images channel by channel, ours pixel by pixel, so their outputs are
 * put in another order.
 *
 * @param model - what `createImageGenerator` returned, with the snapshot's sizes.
 * @param arrays - the snapshot's arrays, by names like `dc1/W`.
 * @returns pairs for `assignWeights`; the caller owns the values.
 * @throws Error when an array is missing or has another size.
 */
export function chainerImageGeneratorWeights(
  model: tf.LayersModel,
  arrays: ReadonlyMap<string, ChainerArray>,
): ChainerWeight[] {
  const ours = new Map<string, ChainerArray>();
  const theirs = new Map<string, string>();
  const joined = model.getLayer('deconv1').weights[0].shape[3] as number;
  for (const [name, array] of arrays) {
    const [link, parameter] = name.split('/');
    const layer = latentLinks[link];
    const ourName = layer ? `${layer}/${parameter}` : name;
    ours.set(ourName, layer ? pixelsFirst(array, joined / 2) : array);
    theirs.set(ourName, name);
  }
  return chainerWeights(model, ours).map((weight) => ({
    ...weight,
    source: theirs.get(weight.source) as string,
  }));
}

/** Reorders axis 0 from (channel, pixel) to (pixel, channel). */
function pixelsFirst({ shape, data }: ChainerArray, channels: number): ChainerArray {
  const pixels = shape[0] / channels;
  const row = data.length / shape[0];
  const moved = new Float32Array(data.length);
  for (let c = 0; c < channels; c++) {
    for (let p = 0; p < pixels; p++) {
      for (let i = 0; i < row; i++) {
        moved[(p * channels + c) * row + i] = data[(c * pixels + p) * row + i];
      }
    }
  }
  return { shape, data: moved };
}
