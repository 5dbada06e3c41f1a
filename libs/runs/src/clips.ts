import { movingMnist, packed, type ClipSource } from '@tgan/datasets';
import type { RunConfig } from './config.js';
import { UsageError } from './errors.js';
import { classesOf } from './labels.js';

/**
 * Opens the clips that a run learns from.
 *
 * @param seed - of the clips that are generated.
 * @throws UsageError when they are not of the size, channels or number of labels that the model takes.
 */
export async function openClips(config: RunConfig, seed: number): Promise<ClipSource> {
  const { imageSize, channels } = config.model;
  const classes = classesOf(config);
  const source = await open(config, seed);
  const { clip } = source;
  const fits = clip.height === imageSize && clip.width === imageSize && clip.channels === channels;
  if (!fits) {
    throw new UsageError(
      `the clips are ${clip.width} x ${clip.height} pixels with ${clip.channels} channels, the model's ${imageSize} x ${imageSize} with ${channels}; set --image-size and --channels to what the clips have`,
    );
  }
  if (classes > 0 && source.classes?.length !== classes) {
    throw new UsageError(
      `--classes ${classes}: the clips of ${config.dataset} have ${source.classes?.length ?? 'no'} labels`,
    );
  }
  return source;
}

async function open(config: RunConfig, seed: number): Promise<ClipSource> {
  const { dataset, data, digits, augment } = config;
  const { frames, imageSize } = config.model;
  if (dataset === 'moving-mnist') {
    const labeled = classesOf(config) > 0;
    return movingMnist({ frames, imageSize, digits, labeled, seed });
  }
  if (!data) throw new UsageError('--dataset packed needs --data, a file of tgan dataset prepare');
  return packed(data, { frames, augment });
}
