import { ChainerImportError, type ChainerSnapshots } from './files.js';
import type { ChainerArrays } from './weights.js';

/** The sizes of a Temporal GAN. They are options of `VideoGan` of @tgan/video-gan. */
export interface ChainerSizes {
  /** Size of z0 and of the latent of each frame. */
  readonly latentSize: number;
  /** Frames of a clip. */
  readonly frames: number;
  /** Height and width of a frame in pixels. */
  readonly imageSize: number;
  /** Channels of a frame. */
  readonly channels: number;
  /** Feature maps of the temporal generator's layers except the last. */
  readonly temporalWidths: number[];
  /** Feature maps of the image generator's layers except the last. */
  readonly imageWidths: number[];
  /** Feature maps of the critic's layers except the last. */
  readonly criticWidths: number[];
  /** Whether batch norm has a shift in the temporal generator. */
  readonly batchNormBeta: boolean;
}

/**
 * The sizes of the Temporal GAN in the original code's snapshots, from the shapes of its kernels.
 *
 * @throws ChainerImportError when a kernel is missing or does not fit the next one, or the networks
 * do not fit each other.
 */
export function chainerSizes({ fsgen, vgen, vdis }: ChainerSnapshots): ChainerSizes {
  const temporal = chain(fsgen, 'fsgen', 'dc', { first: 0, outputAxis: 1 });
  const image = chain(vgen, 'vgen', 'dc', { first: 1, outputAxis: 1 });
  const critic = chain(vdis, 'vdis', 'c', { first: 0, outputAxis: 0 });

  const latentSize = temporal.inputs;
  same('the latents that fsgen takes and makes', latentSize, temporal.outputs.at(-1));
  // The first kernel is as long as its output; every later layer doubles the length.
  const frames = (temporal.kernels[0][0] ?? 1) * 2 ** (temporal.outputs.length - 1);

  const joined = image.inputs;
  for (const link of ['l0s', 'l0f']) {
    same(
      `the latents that fsgen makes and vgen/${link} takes`,
      latentSize,
      kernel(vgen, 'vgen', link)[1],
    );
  }
  const [units] = kernel(vgen, 'vgen', 'l0s');
  const side = Math.sqrt((2 * units) / joined);
  if (!Number.isInteger(side)) {
    throw new ChainerImportError(
      `vgen: l0s/W makes ${units} values, which are no ${joined / 2} square images`,
    );
  }
  const imageSize = side * 2 ** (image.outputs.length - 1);
  const channels = image.outputs.at(-1) as number;

  const depth = critic.outputs.length - 1;
  // (time, height, width), or (height, width) where the time is one.
  const window = critic.kernels[depth];
  const [time = 1, height = 1] = window.length === 2 ? [1, window[0]] : window;
  same('the frames that fsgen makes and vdis takes', frames, time * 2 ** depth);
  same('the image size that vgen makes and vdis takes', imageSize, height * 2 ** depth);
  same('the channels that vgen makes and vdis takes', channels, critic.inputs);
  same('the scores that vdis makes of a clip', 1, critic.outputs[depth]);

  return {
    latentSize,
    frames,
    imageSize,
    channels,
    temporalWidths: temporal.outputs.slice(0, -1),
    imageWidths: [joined, ...image.outputs.slice(0, -1)],
    criticWidths: critic.outputs.slice(0, -1),
    batchNormBeta: fsgen.has('bn0/beta'),
  };
}

/** What a chain of layers takes and makes, and the windows of its kernels. */
function chain(
  arrays: ChainerArrays,
  network: string,
  prefix: string,
  { first, outputAxis }: { first: number; outputAxis: 0 | 1 },
) {
  const outputs: number[] = [];
  const kernels: (readonly number[])[] = [];
  let inputs = 0;
  for (let layer = first; layer === first || arrays.has(`${prefix}${layer}/W`); layer++) {
    const shape = kernel(arrays, network, `${prefix}${layer}`);
    const given = shape[1 - outputAxis];
    if (layer === first) inputs = given;
    else
      same(
        `what ${prefix}${layer - 1} of ${network} makes and ${prefix}${layer} takes`,
        outputs.at(-1),
        given,
      );
    outputs.push(shape[outputAxis]);
    kernels.push(shape.slice(2));
  }
  return { inputs, outputs, kernels };
}

function kernel(arrays: ChainerArrays, network: string, link: string): readonly number[] {
  const shape = arrays.get(`${link}/W`)?.shape;
  if (!shape) {
    const names = [...arrays.keys()].slice(0, 5).join(', ');
    throw new ChainerImportError(`${network}: there is no ${link}/W; it begins with: ${names}`);
  }
  // Without zeros the network takes no more memory than a small multiple of the file.
  if (shape.length < 2 || shape.includes(0)) {
    throw new ChainerImportError(
      `${network}: ${link}/W is (${shape.join(', ')}), which is no kernel`,
    );
  }
  return shape;
}

function same(what: string, one: number | undefined, other: number | undefined): void {
  if (one === other) return;
  throw new ChainerImportError(`${what} are not the same number: ${one} and ${other}`);
}
