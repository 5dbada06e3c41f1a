import { chainerWeights, type ChainerArray, type ChainerWeight } from '@tgan/gan-layers';
import { chainerImageGeneratorWeights } from '@tgan/image-generator';
import type { VideoGan } from './video-gan.js';

/** The snapshots of the original code, each a map from names like `dc0/W` to arrays. */
export interface ChainerSnapshots {
  /** The temporal generator G0. */
  readonly fsgen: ReadonlyMap<string, ChainerArray>;
  /** The image generator G1. */
  readonly vgen: ReadonlyMap<string, ChainerArray>;
  /** The critic D. */
  readonly vdis: ReadonlyMap<string, ChainerArray>;
}

/**
 * Pairs every weight of a Temporal GAN with its value in the original code's snapshots.
 *
 * @returns pairs for `assignWeights` of @tgan/gan-layers, network by network; the caller owns the values.
 * @throws Error when an array is missing or has another size than the GAN's options make.
 */
export function chainerVideoGanWeights(
  gan: VideoGan,
  { fsgen, vgen, vdis }: ChainerSnapshots,
): Record<keyof ChainerSnapshots, ChainerWeight[]> {
  return {
    fsgen: chainerWeights(gan.temporalGenerator, fsgen),
    vgen: chainerImageGeneratorWeights(gan.imageGenerator, vgen),
    vdis: chainerWeights(gan.critic, vdis),
  };
}
