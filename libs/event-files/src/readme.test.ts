import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { EventFileCallback } from './callback.js';
import { EventFileWriter } from './index.js';
import { readEvents } from './testing/read-events.js';
import { expectReadmeToShow } from '../../../tools/readme-example.js';

it('does what the README shows', async () => {
  const before = process.cwd();
  const folder = await mkdtemp(join(tmpdir(), 'tgan-events-'));
  process.chdir(folder);
  await writeFile('samples.gif', Buffer.from('GIF89a\x01\x00\x01\x00', 'latin1'));
  {
    // README
    const events = await EventFileWriter.open('runs/first/tensorboard');
    for (let step = 1; step <= 100; step++) {
      events.scalars(step, { loss: 1 / step, 'scores/real': step });
      if (step % 50 === 0) events.image(step, 'samples', await readFile('samples.gif'));
      if (step % 50 === 0) events.histogram(step, 'weights', [0.1, 0.2, 0.2]);
    }
    await events.close();
    // README
    const read = readEvents(events.path);
    expect(read).toHaveLength(1 + 100 + 2 * 2);
    expect(read.at(-1)).toMatchObject({ step: 100, summary: { value: [{ tag: 'weights' }] } });
  }
  {
    // README
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2] })] });
    model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
    const events = await EventFileWriter.open('runs/fit');
    const callbacks = [new EventFileCallback(events)];
    await model.fit(tf.ones([8, 2]), tf.ones([8, 1]), { epochs: 3, callbacks });
    await events.close();
    // README
    expect(readEvents(events.path)).toHaveLength(1 + 3);
  }
  expect(await readdir('runs')).toEqual(['first', 'fit']);
  process.chdir(before);
  await rm(folder, { recursive: true });

  expectReadmeToShow(import.meta.url);
});
