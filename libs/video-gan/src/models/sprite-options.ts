import type { OptionsShape } from '@tgan/core';
import * as z from 'zod';

/** The options of a generator that draws pictures once for each video and moves them. */
export interface SpriteOptions {
  /**
   * Pictures that are drawn once for each video and moved from frame to frame. Default 0: every
   * frame is drawn by itself.
   */
  readonly sprites?: number;
  /** Height and width of a sprite in pixels, where there are any. Default: imageSize. */
  readonly spriteSize?: number;
  /** Whether sprites stand on whole pixels, as the digits of Moving MNIST do. Default false. */
  readonly wholePixels?: boolean;
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
    .optional()
    .describe('height and width of a sprite in pixels, where there are any (default: imageSize)'),
  wholePixels: z
    .boolean()
    .default(false)
    .describe('whether sprites stand on whole pixels, as the digits of Moving MNIST do'),
} satisfies OptionsShape<SpriteOptions>;

type SpriteSizes = z.output<z.ZodObject<typeof spriteShape>> & {
  readonly frameLatentSize?: number;
};

/** Each sprite has two numbers per frame: its place. */
export const spritesFit = (context: z.core.ParsePayload<SpriteSizes>): void => {
  const { sprites, frameLatentSize } = context.value;
  if (sprites === 0 || frameLatentSize === undefined || frameLatentSize === 2 * sprites) return;
  context.issues.push({
    code: 'custom',
    path: ['frameLatentSize'],
    input: frameLatentSize,
    continue: true,
    message: `${sprites} sprites take ${2 * sprites} numbers per frame`,
  });
};
