import { mustHalve } from '@tgan/gan-layers/options';
import { parseOptions } from '@tgan/options';
import { videoGanOptions } from '@tgan/video-gan/options';
import { trainerOptions } from '@tgan/wgan-trainer/options';
import { z } from 'zod';

// The data set knows its channels, and one seed serves the whole run.
const { channels, seed: networkSeed, ...network } = videoGanOptions.shape;
const { seed: trainerSeed, ...training } = trainerOptions.shape;

/** Everything that a run depends on: what presets set, flags override and the run folder keeps. */
export const runConfig = z
  .strictObject({
    dataset: z.enum(['moving-mnist']).default('moving-mnist'),
    digits: z.int().min(1).default(2),
    ...network,
    ...training,
    batchSize: z.int().min(1).default(32),
    steps: z.int().min(1).default(100_000),
    seed: z.int().default(0),
    sampleEvery: z.int().min(1).default(1000),
    sampleCount: z.int().min(1).default(16),
    sampleFormat: z.enum(['gif', 'webp']).default('gif'),
    backend: z.string().default('auto'),
  })
  .check(
    mustHalve('frames', ({ temporalWidths, criticWidths }) =>
      Math.max(temporalWidths.length, criticWidths.length),
    ),
    mustHalve('imageSize', ({ imageWidths, criticWidths }) =>
      Math.max(imageWidths.length - 1, criticWidths.length),
    ),
  );

export type RunConfig = z.output<typeof runConfig>;

/** What `tgan train --help` says of each option. */
export const help: Record<keyof RunConfig, string> = {
  dataset: 'what to learn from',
  digits: 'digits in a Moving MNIST video',
  latentSize: 'size of z0 and of the latent of each frame',
  frames: 'frames of a clip',
  imageSize: 'height and width of a frame in pixels',
  temporalWidths: 'feature maps of the temporal generator, as 512,256,128,128',
  imageWidths: 'feature maps of the image generator',
  criticWidths: 'feature maps of the critic',
  slope: "slope of the critic's LeakyReLU below zero",
  batchNormBeta: 'whether batch norm learns a shift in the temporal generator',
  init: 'how kernels start: paper, uniform, he or lecun',
  learningRate: 'step size of RMSProp',
  criticSteps: 'critic steps for each generator step',
  clipEvery: 'steps between two singular value clippings',
  batchSize: 'clips in a batch',
  steps: 'how long to train',
  seed: 'names everything that is left to chance: the same seed gives the same run',
  sampleEvery: 'steps between two sheets of samples',
  sampleCount: 'videos on a sheet',
  sampleFormat: 'gif or webp',
  backend: 'what computes: auto, or a name that tgan doctor lists',
};

/** Fills in defaults and checks it all. */
export function parseConfig(values: unknown, subject: string): RunConfig {
  return parseOptions(runConfig, values, subject);
}
