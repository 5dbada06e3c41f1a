import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import * as tf from '@tensorflow/tfjs';
import { checkGradients, expectClose, expectNoLeaks, loadReference } from './index.js';

it('does what the README shows', async () => {
  // README
  const reference = loadReference();
  const kernel = reference.snapshot('init', 'vdis').get('c0/W')!;

  await expectNoLeaks(() =>
    tf.tidy(() => {
      const x = tf.tensor1d([1, 2, 3]);
      expectClose(x.square(), [1, 4, 9], 1e-6, 'squares');
      checkGradients((x) => x.square(), [x]); // against central differences
    }),
  );
  // README
  expect(kernel.shape).toEqual([4, 1, 4, 4, 4]);

  const [source, readme] = await Promise.all(
    [import.meta.url, '../README.md'].map((file) =>
      readFile(new URL(file, import.meta.url), 'utf8'),
    ),
  );
  for (const line of source.split('// README')[1].split('\n')) {
    expect(readme).toContain(line.trim());
  }
});
