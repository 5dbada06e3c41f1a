import { inThreads } from '@tgan/tensor-fixtures';
import { describe, expect, it } from 'vitest';
import clipPart, { type Clipped } from '../testing/clip-part.js';

const program = new URL('../testing/clip-part.ts', import.meta.url);

/** TensorFlow.js numbers variables of one name. */
const plain = ({ skipped, ...report }: Clipped['report']) => ({
  ...report,
  skipped: skipped.map((name) => name.replace(/_\d+$/, '')),
});

describe('clipping by several processes', () => {
  it.each([1, 2, 3])('gives all %d the weights and the report of one', async (size) => {
    const alone = await clipPart(undefined, size);
    expect(alone.report.kernels).toHaveLength(3);
    expect(alone.report.gammas).toHaveLength(1);
    expect(plain(alone.report).skipped).toEqual(['table/embeddings']);
    // Each layer is clipped once, by the same operations: to the bit.
    for (const part of await inThreads<Clipped>(size, program, size)) {
      expect(part.weights).toEqual(alone.weights);
      expect(plain(part.report)).toEqual(plain(alone.report));
    }
  });
});
