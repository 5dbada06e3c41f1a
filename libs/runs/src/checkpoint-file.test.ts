import { parseTrainerState, type TrainerState } from '@tgan/wgan-trainer';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  CheckpointError,
  formatCheckpoint,
  parseCheckpoint,
  type Checkpoint,
} from './checkpoint-file.js';

const checkpoint = (values: number[]): Checkpoint => ({
  state: {
    progress: { steps: 7, latents: [1, 2, 3, 4], noise: {} } as unknown as TrainerState['progress'],
    arrays: new Map([
      ['weight/critic/é', { shape: [values.length], data: Float32Array.from(values) }],
    ]),
  },
  config: { steps: 9, data: '0'.repeat(64), widths: [1, 2] },
  backend: 'cpu',
  versions: { tgan: '0.1.0' },
  position: 14,
});

describe('a checkpoint file', () => {
  it('brings everything back', () => {
    fc.assert(
      fc.property(fc.array(fc.float(), { maxLength: 20 }), (values) => {
        const written = checkpoint(values);
        const bytes = formatCheckpoint(written);
        expect(parseCheckpoint(bytes)).toEqual(written);
        // It stays a file that the trainer's library reads.
        expect(parseTrainerState(bytes)).toEqual(written.state);
      }),
    );
  });

  it('is refused with any byte changed, left out or added', () => {
    const bytes = formatCheckpoint(checkpoint([1, 2, 3]));
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const changed = bytes.slice();
        changed[at] ^= change;
        expect(() => parseCheckpoint(changed)).toThrow(CheckpointError);
        expect(() => parseCheckpoint(bytes.subarray(0, at))).toThrow(CheckpointError);
        expect(() => parseCheckpoint(Buffer.concat([bytes, bytes.subarray(0, at + 1)]))).toThrow(
          CheckpointError,
        );
      }),
      { numRuns: 500 },
    );
    expect(() => parseCheckpoint(new Uint8Array())).toThrow(/no checkpoint of tgan/);
  });
});
