import { FfmpegMissingError, VideoError } from '@tgan/video-io';
import { bytesOf, inside, realInside } from './data-folder.js';
import { DatasetError } from './error.js';
import type { Video } from './video-set.js';

/** How the frames of a file are read: by ffmpeg, or as a strip. */
export type FileReader = (
  path: string,
  complain: (reason: string) => void,
) => AsyncIterable<Uint8Array>;

/**
 * A file of a data set's folder as a video. Messages call it by its name in the data set, so that a
 * packed file does not depend on where the folder was.
 *
 * @throws DatasetError when the name leaves the folder.
 */
export async function videoFile(
  folder: string,
  name: string,
  read: FileReader,
  { label, followLinks }: { label?: number; followLinks?: boolean } = {},
): Promise<Video> {
  return {
    name,
    label,
    bytes: await bytesOf(inside(folder, name)),
    async *frames(complain) {
      const path = await realInside(folder, name, followLinks);
      // ffmpeg writes a question mark for what a terminal would act on.
      const plain = path.replaceAll(/[\u0000-\u001f]/g, '?');
      const anonymous = (reason: string) =>
        [`file:${path}`, path, `file:${plain}`, plain].reduce(
          (text, place) => text.replaceAll(place, name),
          reason.replace(`${path}: `, ''),
        );
      try {
        yield* read(path, (reason) => complain(anonymous(reason)));
      } catch (error) {
        if (!(error instanceof VideoError) || error instanceof FfmpegMissingError) throw error;
        throw new DatasetError(anonymous(error.message), { cause: error });
      }
    },
  };
}
