import { type Entry, OptionsError } from '@tgan/core';
import { z } from 'zod';
import type { ClipSource } from './clip-source.js';
import { packed, packedOptions } from './packed.js';
import type { DatasetContext } from './registries.js';

const options = z.strictObject({
  data: z.string().default('').describe('the file to read, made by `tgan dataset prepare`'),
  augment: packedOptions.shape.augment,
});

/** A file that `preparePacked` wrote, as the data set `packed`. */
export const packedEntry: Entry<ClipSource, DatasetContext, typeof options> = {
  name: 'packed',
  description: 'clips of a file that holds videos as plain frames',
  options,
  create({ data, augment }, { frames }) {
    if (!data) {
      throw new OptionsError(
        'dataset packed: data: expected the path of a packed file; it needs --data FILE, which `tgan dataset prepare` makes',
      );
    }
    return packed(data, { frames, augment });
  },
};
