import * as z from 'zod';

/**
 * How kernels are initialized: `uniform` is U(-0.01, 0.01); `he` and `lecun` are normal with
 * standard deviation sqrt(2 / fan-in) and sqrt(1 / fan-in).
 *
 * The paper uses He for G0 and D, and uniform for G1. The original code uses LeCun for G0 and D and
 * uniform for G1 in some of its UCF-101 configurations, and uniform everywhere in all others.
 */
export const initializer = z.enum(['uniform', 'he', 'lecun']);

/** The name of an initializer. */
export type InitializerName = z.infer<typeof initializer>;

/** A whole number of at least 1: a width, a latent size, a count. */
export const count = z.int().min(1);

/** The number of labels of a conditional network. 0, the default, means unconditional. */
export const classes = z.int().min(0).default(0);

/** Standard deviation of the noise before each LeakyReLU of a critic in training. */
export const noise = z.number().min(0).default(0);

/** The feature maps of each layer, first to last. */
export const widths = z.array(count).min(1);

/**
 * The length of an axis after a chain of stride-2 layers: `size / 2^layers`.
 *
 * @param size - length of the axis on the large side: frames, or pixels.
 * @param layers - how many layers halve (or double) it.
 * @returns the length on the small side, or undefined when the size does not divide.
 */
export function halved(size: number, layers: number): number | undefined {
  const small = size / 2 ** layers;
  return Number.isInteger(small) && small >= 1 ? small : undefined;
}

/**
 * A check for an options schema: `field` must be divisible by 2 for each layer that halves or
 * doubles it.
 *
 * @param field - the name of the option that holds the axis length.
 * @param layers - the number of stride-2 layers of the options.
 */
export function mustHalve<Options extends object>(
  field: keyof Options & string,
  layers: (options: Options) => number,
) {
  return (context: z.core.ParsePayload<Options>): void => {
    const options = context.value;
    const [size, depth] = [options[field] as number, layers(options)];
    if (halved(size, depth) !== undefined) return;
    const unit = 2 ** depth;
    const below = Math.floor(size / unit) * unit;
    const nearest = below > 0 ? `${below} and ${below + unit}` : `${unit}`;
    context.issues.push({
      code: 'custom',
      path: [field],
      input: size,
      continue: true,
      message: `${size} does not fit ${depth} layers of stride 2: it must be a multiple of ${unit}; nearest: ${nearest}`,
    });
  };
}
