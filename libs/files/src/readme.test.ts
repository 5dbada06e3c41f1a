import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import * as tf from '@tensorflow/tfjs';
import { loadModel, saveModel, writeFileAtomic } from './index.js';

it('does what the README shows', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tgan-'));
  // README
  const model = tf.sequential({ layers: [tf.layers.dense({ inputShape: [2], units: 1 })] });
  await saveModel(model, `${folder}/model`);
  const loaded = await loadModel(`${folder}/model`);
  await writeFileAtomic(`${folder}/notes.txt`, Buffer.from('one layer'));
  // README
  expect(loaded.countParams()).toBe(3);
  expect(await readFile(`${folder}/notes.txt`, 'utf8')).toBe('one layer');
  await rm(folder, { recursive: true });

  const [source, readme] = await Promise.all(
    [import.meta.url, '../README.md'].map((file) =>
      readFile(new URL(file, import.meta.url), 'utf8'),
    ),
  );
  for (const line of source.split('// README')[1].split('\n')) {
    expect(readme).toContain(line.trim());
  }
});
