import type { OptionsShape } from '@tgan/core';
import * as z from 'zod';

/** The options of a generator that draws pictures once for each video and moves them. */
export interface SpriteOptions {
  /**
   * Pictures that are drawn once for each video and moved from frame to frame. Default 0: every
   * frame is drawn by itself.
   */
  readonly sprites?: number;
  /** Height and width of a sprite in pixels: less than imageSize. Default 16. */
  readonly spriteSize?: number;
  /** Whether sprites stand on whole pixels, as the digits of Moving MNIST do. Default false. */
  readonly wholePixels?: boolean;
  /**
   * Weight of the mode seeking term of the generator's loss (Mao et al. 2019): sprites of one label
   * are to differ as their latents do. Default 0: no such term.
   */
  readonly modeSeeking?: number;
}

/** The schemas of {@link SpriteOptions}. */
export const spriteShape = {
  sprites: z
    .int()
    .min(0)
    .max(16)
    .default(0)
    .describe(
      'pictures that are drawn once for each video and moved from frame to frame; 0 draws every ' +
        'frame by itself',
    ),
  spriteSize: z
    .int()
    .min(1)
    .default(16)
    .describe('height and width of a sprite in pixels, where there are any: less than imageSize'),
  wholePixels: z
    .boolean()
    .default(false)
    .describe('whether sprites stand on whole pixels, as the digits of Moving MNIST do'),
  modeSeeking: z
    .number()
    .min(0)
    .default(0)
    .describe(
      "weight of the mode seeking term of the generator's loss: sprites of one label are to differ " +
        'as their latents do',
    ),
} satisfies OptionsShape<SpriteOptions>;

type SpriteSizes = z.output<z.ZodObject<typeof spriteShape>> & {
  readonly imageSize: number;
  readonly frameLatentSize?: number;
};

/** Sprites have room to move, and each has two numbers per frame: its place. */
export const spritesFit = ({ value, issues }: z.core.ParsePayload<SpriteSizes>): void => {
  const { sprites, spriteSize, imageSize, frameLatentSize = 2 * sprites } = value;
  const issue = (name: keyof SpriteSizes, message: string) =>
    issues.push({ code: 'custom', path: [name], input: value[name], continue: true, message });
  if (sprites === 0) {
    if (value.modeSeeking > 0) issue('modeSeeking', 'it compares sprites, and there are none');
    return;
  }
  if (spriteSize >= imageSize) {
    issue('spriteSize', `sprites of ${spriteSize} pixels cannot move in a frame of ${imageSize}`);
  }
  if (frameLatentSize !== 2 * sprites) {
    issue('frameLatentSize', `${sprites} sprites take ${2 * sprites} numbers per frame`);
  }
};
