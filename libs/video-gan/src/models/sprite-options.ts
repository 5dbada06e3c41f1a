import { z } from 'zod';

/** The options of a generator that draws pictures once for each video and moves them. */
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
    .describe('height and width of a sprite in pixels (default: imageSize)'),
  wholePixels: z
    .boolean()
    .default(false)
    .describe('whether sprites stand on whole pixels, as the digits of Moving MNIST do'),
};

type SpriteSizes = z.output<z.ZodObject<typeof spriteShape>> & {
  readonly frameLatentSize?: number;
};

/** Only sprites have a size. Each has two numbers per frame: its place. */
export const spritesFit = (context: z.core.ParsePayload<SpriteSizes>): void => {
  const { sprites, spriteSize, frameLatentSize } = context.value;
  const refuse = (field: 'spriteSize' | 'frameLatentSize', message: string) =>
    context.issues.push({
      code: 'custom',
      path: [field],
      input: context.value[field],
      continue: true,
      message,
    });
  if (sprites === 0 && spriteSize !== undefined) refuse('spriteSize', 'there are no sprites');
  if (sprites > 0 && frameLatentSize !== undefined && frameLatentSize !== 2 * sprites) {
    refuse('frameLatentSize', `${sprites} sprites take ${2 * sprites} numbers per frame`);
  }
};
