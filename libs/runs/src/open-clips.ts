import type { ClipSource } from '@tgan/datasets';
import type { VideoModel } from '@tgan/video-gan';
import type { ConfigInAxes } from './config/config.js';
import { UsageError } from './errors.js';
import { runSeed } from './run-seed.js';

/**
 * Opens the training clips of a run.
 *
 * @throws UsageError when the clips are not of the size, channels or labels that the model takes.
 */
export async function openClips(
  { config, axes }: ConfigInAxes,
  { options }: VideoModel,
): Promise<ClipSource> {
  const { frames, imageSize, channels, classes = 0 } = options;
  const seed = runSeed(config.seed, 'data');
  const context = { frames, imageSize, channels, labeled: classes > 0, seed };
  const source = await axes.create('dataset', config, context);
  const { clip } = source;
  if (clip.height !== imageSize || clip.width !== imageSize || clip.channels !== channels) {
    throw new UsageError(
      `the clips are ${clip.width} x ${clip.height} pixels with ${clip.channels} channels, the model's ${imageSize} x ${imageSize} with ${channels}; set --image-size and --channels to what the clips have`,
    );
  }
  const labels = source.classes?.length ?? 0;
  if (classes > 0 && labels !== classes) {
    throw new UsageError(
      `--classes ${classes}: the clips of ${config.dataset} have ${labels || 'no'} labels; ` +
        `set --classes ${labels}`,
    );
  }
  return source;
}
