import { parseOptions, Random, type Entry, type OptionsShape } from '@tgan/core';
import * as z from 'zod';
import { checkIndex, type ClipSource } from './clip-source.js';
import { DatasetError } from './error.js';
import type { DatasetContext } from './registries.js';
import { mnistDigits, type Digits } from './mnist.js';
import { scaleDigits } from './scale-digits.js';

/** Options of {@link movingMnist}. The defaults are the original data set's and the paper's. */
export interface MovingMnistOptions {
  /** Clip `i` depends only on the seed and on `i`. Default 0. */
  readonly seed?: number;
  /** The number of clips. Default: unlimited. The published test set has 10,000. */
  readonly size?: number;
  /** Frames of a clip. The paper trains on 16; the published test set has 20. Default 16. */
  readonly frames?: number;
  /**
   * Height and width in pixels. A smaller canvas gives digits of the same size less room. Default
   * 64.
   */
  readonly imageSize?: number;
  /**
   * Height and width of a digit in pixels. MNIST's own are 28; smaller ones are averaged. Default
   * 28.
   */
  readonly digitSize?: number;
  /** The number of digits. Default 2. */
  readonly digits?: number;
  /**
   * Labels clips of one digit with that digit. All ten are equally frequent. The clips differ from
   * those that the same seed makes without labels. Default false.
   */
  readonly labeled?: boolean;
}

/** The schema of {@link MovingMnistOptions}. */
export const movingMnistOptions = z
  .strictObject({
    seed: z.int().default(0),
    size: z.int().min(1).optional(),
    frames: z.int().min(1).max(1024).default(16),
    imageSize: z.int().min(32).max(1024).default(64),
    digitSize: z
      .int()
      .min(4)
      .max(28)
      .optional()
      .describe('height and width of a digit in pixels (default: 28)'),
    digits: z.int().min(1).max(16).default(2).describe('number of digits in a clip'),
    labeled: z.boolean().default(false),
  } satisfies OptionsShape<MovingMnistOptions>)
  .refine(({ digits, labeled }) => !labeled || digits === 1, {
    path: ['digits'],
    error: 'labeled clips have 1 digit',
  });

/** The names of the labels. */
const classes = Array.from({ length: 10 }, (_, digit) => `${digit}`);

/** How far a digit moves from one frame to the next, as a part of its range. */
const step = 0.1;

/**
 * Moving MNIST (Srivastava et al., "Unsupervised Learning of Video Representations using LSTMs",
 * 2015), generated: handwritten digits that move straight and bounce off the edges of a black
 * canvas. The paper trains on it in section 6.1.
 *
 * The rules are the original generator's. The digits and their paths come from other random
 * streams, so the clips are not those of the published `mnist_test_seq.npy`.
 *
 * @param options - see {@link movingMnistOptions}.
 * @param digits - the digits. Default: the training digits of MNIST. Labeled clips need digits with
 * labels.
 * @returns clips `[frames, imageSize, imageSize, 1]`. They ignore the `random` that `read` is
 * given.
 * @throws OptionsError when an option is out of range. `read` throws DatasetError when MNIST's
 * files are damaged, or there is no digit of a label.
 */
export function movingMnist(
  options: MovingMnistOptions = {},
  digits?: Digits | Promise<Digits>,
): ClipSource {
  const parsed = parseOptions(movingMnistOptions, options, 'movingMnist');
  const { seed, size, frames, imageSize, digitSize, labeled } = parsed;
  // The first number of a clip's own stream, so that labels are known before any digit is read.
  const label = (index: number) => new Random(seed, index).integer(classes.length);
  return {
    size,
    clip: { frames, height: imageSize, width: imageSize, channels: 1 },
    provenance: { set: 'moving-mnist', ...parsed },
    ...(!digits && { recipe: { open: 'movingMnist', given: [parsed] } }),
    ...(labeled && { classes, label }),
    async read(index) {
      checkIndex('movingMnist', index, size);
      const all = await (digits ?? mnistDigits());
      const clip = new Uint8Array(frames * imageSize * imageSize);
      const random = new Random(seed, index);
      const draw = (digit: number) =>
        drawMovingDigit(clip, frames, imageSize, oneOf(all, digit, digitSize), random);
      if (labeled) {
        const those = indicesOf(all, random.integer(classes.length));
        draw(those[random.integer(those.length)]);
      } else {
        for (let i = 0; i < parsed.digits; i++) draw(random.integer(all.count));
      }
      return clip;
    },
  };
}

/** Which digits show a number. They are looked for once. */
function indicesOf(digits: Digits, label: number): readonly number[] {
  let byLabel = found.get(digits);
  if (!byLabel) {
    byLabel = classes.map((): number[] => []);
    for (let i = 0; i < digits.count; i++) byLabel[digits.labels?.[i] ?? NaN]?.push(i);
    found.set(digits, byLabel);
  }
  if (byLabel[label].length === 0)
    throw new DatasetError(`movingMnist: no digit is labeled ${label}`);
  return byLabel[label];
}

const found = new WeakMap<Digits, number[][]>();

/** One digit alone, in the size that is asked for. */
function oneOf({ size, pixels }: Digits, digit: number, digitSize = size): Digits {
  const one = pixels.subarray(digit * size * size, (digit + 1) * size * size);
  return scaleDigits({ count: 1, size, pixels: one }, digitSize);
}

/** Draws one digit into every frame; where it meets another one, the brighter pixel stays. */
function drawMovingDigit(
  clip: Uint8Array,
  frames: number,
  imageSize: number,
  { size, pixels }: Digits,
  random: Random,
): void {
  const room = imageSize - size;
  let y = random.number();
  let x = random.number();
  const angle = random.number(0, 2 * Math.PI);
  let dy = step * Math.sin(angle);
  let dx = step * Math.cos(angle);
  for (let t = 0; t < frames; t++) {
    // The original steps before it draws the first frame.
    y += dy;
    x += dx;
    if (y <= 0 || y >= 1) dy = -dy;
    if (x <= 0 || x >= 1) dx = -dx;
    y = Math.min(Math.max(y, 0), 1);
    x = Math.min(Math.max(x, 0), 1);
    const top = Math.trunc(room * y);
    const left = Math.trunc(room * x);
    for (let row = 0; row < size; row++) {
      const to = (t * imageSize + top + row) * imageSize + left;
      const from = row * size;
      for (let column = 0; column < size; column++) {
        const pixel = pixels[from + column];
        if (pixel > clip[to + column]) clip[to + column] = pixel;
      }
    }
  }
}

const { digits, digitSize } = movingMnistOptions.shape;
const entryOptions = z.strictObject({ digits, digitSize });

/** Moving MNIST, generated as it is read, as the data set `moving-mnist`. */
export const movingMnistEntry: Entry<ClipSource, DatasetContext, typeof entryOptions> = {
  name: 'moving-mnist',
  description: 'handwritten digits that move on a black canvas, generated during training',
  options: entryOptions,
  create: ({ digits, digitSize }, { frames, imageSize, labeled, seed }) =>
    movingMnist({ digits, digitSize, frames, imageSize, labeled, seed }),
};
