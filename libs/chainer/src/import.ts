import * as tf from '@tensorflow/tfjs';
import {
  ChainerImportError,
  readChainerFiles,
  type ChainerFiles,
  type ChainerSnapshots,
} from './files.js';
import { chainerSizes, type ChainerSizes } from './sizes.js';
import { assignWeights, chainerWeights, type ChainerWeight } from './weights.js';

/** The three networks of a Temporal GAN, as a `VideoGan` of @tgan/video-gan has them. */
export interface TemporalGanNetworks {
  readonly temporalGenerator: tf.LayersModel;
  readonly imageGenerator: tf.LayersModel;
  readonly critic: tf.LayersModel;
}

/**
 * Pairs every weight of a Temporal GAN with its value in the original code's snapshots.
 *
 * @returns pairs for `assignWeights`, network by network. The caller owns the values.
 * @throws Error when an array is missing or has another size than the network needs.
 */
export function chainerGanWeights(
  { temporalGenerator, imageGenerator, critic }: TemporalGanNetworks,
  { fsgen, vgen, vdis }: ChainerSnapshots,
): Record<keyof ChainerSnapshots, ChainerWeight[]> {
  return {
    fsgen: chainerWeights(temporalGenerator, fsgen),
    vgen: chainerWeights(imageGenerator, vgen),
    vdis: chainerWeights(critic, vdis),
  };
}

/**
 * Makes a Temporal GAN from the original (Chainer) code's snapshots. All sizes follow from the
 * arrays.
 *
 * @param files - the bytes of three snapshots: `fsgen` of the temporal generator
 * (`fsgen_iter_N.npz` or `gen_iter_N.npz`), `vgen` of the image generator (`vgen_iter_N.npz`) and
 * `vdis` of the critic (`vdis_iter_N.npz`); or of one archive that has all three, such as a
 * snapshot of a whole trainer.
 * @param createGan - makes a Temporal GAN of these sizes: `(sizes) => new VideoGan(sizes)`.
 * @throws ChainerImportError when a file is damaged, an array is missing, left over or of the wrong
 * size, or the networks do not fit each other.
 */
export function importChainer<Gan extends TemporalGanNetworks & { dispose(): void }>(
  files: ChainerFiles,
  createGan: (sizes: ChainerSizes) => Gan,
): Gan {
  const snapshots = readChainerFiles(files);
  let gan: Gan | undefined;
  try {
    gan = createGan(chainerSizes(snapshots));
    assignSnapshots(gan, snapshots);
    return gan;
  } catch (error) {
    gan?.dispose();
    if (error instanceof ChainerImportError) throw error;
    const what = gan ? '' : 'the snapshots make no Temporal GAN: ';
    throw new ChainerImportError(`${what}${(error as Error).message}`, { cause: error });
  }
}

function assignSnapshots(gan: TemporalGanNetworks, snapshots: ChainerSnapshots): void {
  tf.tidy(() => {
    const weights = chainerGanWeights(gan, snapshots);
    for (const network of Object.keys(weights) as (keyof ChainerSnapshots)[]) {
      const used = new Set(weights[network].map(({ source }) => source));
      const leftOver = [...snapshots[network].keys()].filter((name) => !used.has(name));
      if (leftOver.length > 0) {
        throw new ChainerImportError(
          `${network} has arrays that a Temporal GAN has no place for: ${leftOver.join(', ')}`,
        );
      }
      assignWeights(weights[network]);
    }
  });
}
