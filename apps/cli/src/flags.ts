import { Option } from 'commander';
import type { z } from 'zod';
import { configShape, type ConfigKey } from '@tgan/runs/config';

/** What `tgan train --help` says of each key of the configuration. */
const help: Record<ConfigKey, string> = {
  dataset: 'what to learn from: moving-mnist, or packed for a file of your own',
  data: 'the packed file, see tgan dataset prepare',
  digits: 'digits in a Moving MNIST video',
  augment: 'packed: also vary where the frame is cropped, and mirror half of the clips',
  model: 'tgan; or a rival: tgan-z1 (image generator sees z1 alone), 3d, vgan',
  latentSize: 'size of z0 and of the latent of each frame',
  frames: 'frames of a clip',
  imageSize: 'height and width of a frame in pixels',
  channels: 'channels of a frame: 1 for gray, 3 for color',
  temporalWidths: 'feature maps of the temporal generator',
  imageWidths: 'feature maps of the image generator',
  criticWidths: 'feature maps of the critic',
  generatorWidths: 'feature maps of the generator of 3d and vgan',
  maskPenalty: "weight of vgan's mask in its generator's loss",
  slope: "slope of the critic's LeakyReLU below zero",
  noise: "noise before each of the critic's LeakyReLUs (normal GAN: 0.3)",
  batchNormBeta: 'whether batch norm learns a shift in the temporal generator',
  seesZ0: 'whether the image generator sees z0 beside z1',
  classes: 'labels of a conditional model; 0 for none',
  init: 'how kernels start: paper, uniform, he or lecun',
  objective: 'what the players descend: wasserstein, normal, least-squares or hinge',
  constraint:
    'what keeps the critic Lipschitz: svc, operator-norm, spectral-norm, gradient-penalty, weight-clipping or none',
  clipEvery: 'svc and operator-norm: steps between two clippings',
  weightLimit: 'weight-clipping: every weight stays within this of 0',
  penaltyWeight: 'gradient-penalty: lambda',
  learningRate: 'step size of both players',
  generatorLearningRate: 'step size of the generator, where it is another',
  criticLearningRate: 'step size of the critic, where it is another',
  accumulate: 'batches whose mean gradient makes a step, for batches that do not fit',
  averageDecay: 'how much of the moving average of the generator stays at each step; 0 for none',
  criticSteps: 'critic steps for each generator step',
  optimizer: 'how weights follow their gradients: rmsprop or adam',
  beta1: 'adam: how much of the mean gradient stays at each step',
  beta2: 'adam: how much of the mean squared gradient stays at each step',
  schedule: 'how the step sizes change: constant, or linear-decay to zero at the last step',
  warmUpSteps: 'steps over which the step sizes rise from zero',
  batchSize: 'clips in a batch',
  steps: 'how long to train',
  seed: 'names all that is left to chance: same seed, same run',
  checkpointEvery: 'steps between two checkpoints',
  keepCheckpoints: 'how many of the last checkpoints stay',
  sampleEvery: 'steps between two sheets of samples',
  sampleCount: 'videos on a sheet',
  sampleFormat: 'gif or webp',
  tensorboard: 'whether to write event files for TensorBoard',
  backend: 'what computes: auto, or a name that tgan doctor lists',
};

/** `batchSize` is `--batch-size`. */
const kebab = (key: string) => key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** One flag for every key of the configuration, so that help and schema cannot drift apart. */
export function configFlags(): Option[] {
  return Object.entries(configShape).map(([key, schema]) => {
    const { innerType, defaultValue } = schema.def as unknown as {
      innerType: z.core.$ZodType;
      defaultValue: unknown;
    };
    const shown = Array.isArray(defaultValue) ? defaultValue.join(',') : String(defaultValue ?? '');
    return new Option(
      `--${kebab(key)} <${placeholder(innerType)}>`,
      `${help[key as ConfigKey]}${shown && ` (default: ${shown})`}`,
    ).argParser((text) => fromText(innerType, text));
  });
}

function placeholder(schema: z.core.$ZodType): string {
  const { type } = schema._zod.def;
  return type === 'array' ? 'list' : type === 'enum' || type === 'string' ? 'name' : type;
}

/** What a flag's text means. The schema judges it later, so what is no number is passed on as it is. */
function fromText(schema: z.core.$ZodType, text: string): unknown {
  switch (schema._zod.def.type) {
    case 'number':
      return toNumber(text);
    case 'array':
      return text.split(',').map(toNumber);
    case 'boolean':
      return { true: true, false: false }[text] ?? text;
    default:
      return text;
  }
}

function toNumber(text: string): number | string {
  const value = Number(text);
  return text.trim() === '' || Number.isNaN(value) ? text : value;
}
