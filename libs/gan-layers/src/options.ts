import { z } from 'zod';

/**
 * How kernels start: `uniform` is U(-0.01, 0.01); `he` and `lecun` are normal with standard
 * deviation sqrt(2 / fan-in) and sqrt(1 / fan-in).
 *
 * The paper starts G0 and D by He and G1 uniformly. The original code starts G0 and D by LeCun and
 * G1 uniformly in some of its UCF-101 configurations, and everything uniformly in the others and
 * for Moving MNIST and Golf.
 */
export const initializer = z.enum(['uniform', 'he', 'lecun']);

/** One of the ways in which kernels start. */
export type InitializerName = z.infer<typeof initializer>;

/** A whole number of at least 1: a width, a latent size, a count. */
export const count = z.int().min(1);

/** How many labels a conditional network tells apart; 0, the default, is an unconditional one. */
export const classes = z.int().min(0).default(0);

/** Standard deviation of the noise before each LeakyReLU of a critic while it trains. */
export const noise = z.number().min(0).default(0);

/** The feature maps of each layer, first to last. */
export const widths = z.array(count).min(1);

/**
 * What a chain of stride-2 layers leaves of an axis: `size / 2^layers`.
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
 * A check for an options schema: `field` must survive all the layers that halve or double it.
 *
 * @param field - the name of the option that holds the axis length.
 * @param layers - how many stride-2 layers those options ask for.
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
