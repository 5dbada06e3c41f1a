import { VideoError } from './clips.js';

/**
 * Loads sharp, which reads and writes pictures. It is an optional peer, because it is large and
 * those who only decode videos do not need it.
 *
 * @throws VideoError when it cannot be loaded.
 */
export async function loadSharp() {
  try {
    return (await import('sharp')).default;
  } catch (cause) {
    throw new VideoError(
      'sharp is needed to read and write pictures; to get it: npm install sharp',
      {
        cause,
      },
    );
  }
}
