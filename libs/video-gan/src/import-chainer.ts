import { assignWeights } from '@tgan/gan-layers';
import { OptionsError } from '@tgan/core';
import * as tf from '@tensorflow/tfjs';
import { ChainerImportError, readChainerFiles, type ChainerFiles } from './chainer-files.js';
import { chainerOptions } from './chainer-sizes.js';
import { chainerVideoGanWeights, type ChainerSnapshots } from './chainer.js';
import { VideoGan } from './video-gan.js';

/**
 * Makes a Temporal GAN of the original (Chainer) code's snapshots. All sizes are read off the arrays.
 *
 * @param files - the bytes of the three snapshots: `fsgen` of the temporal generator (`fsgen_iter_N.npz` or
 * `gen_iter_N.npz`), `vgen` of the image generator (`vgen_iter_N.npz`) and `vdis` of the critic (`vdis_iter_N.npz`);
 * or of one archive that has all three, such as Chainer's snapshot of a whole trainer.
 * @throws ChainerImportError when a file is damaged, an array is missing, left over or of the wrong size, or the
 * networks do not fit each other.
 *
 * @example
 * ```ts
 * const gan = importChainer({ fsgen: await readFile('fsgen_iter_100000.npz'), vgen, vdis });
 * ```
 */
export function importChainer(files: ChainerFiles): VideoGan {
  const snapshots = readChainerFiles(files);
  let gan: VideoGan | undefined;
  try {
    gan = new VideoGan(chainerOptions(snapshots));
    assignSnapshots(gan, snapshots);
    return gan;
  } catch (error) {
    gan?.dispose();
    if (error instanceof ChainerImportError) throw error;
    const what = error instanceof OptionsError ? 'the snapshots make no Temporal GAN: ' : '';
    throw new ChainerImportError(`${what}${(error as Error).message}`, { cause: error });
  }
}

function assignSnapshots(gan: VideoGan, snapshots: ChainerSnapshots): void {
  tf.tidy(() => {
    const weights = chainerVideoGanWeights(gan, snapshots);
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
