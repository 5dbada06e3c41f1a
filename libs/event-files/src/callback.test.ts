import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { EventFileCallback } from './callback.js';
import { EventFileWriter } from './index.js';
import { readEvents } from './testing/read-events.js';

it('writes what fit measures, by epoch and by batch, and leaks no tensor', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tgan-events-'));
  const events = await EventFileWriter.open(join(folder, 'a', 'b'));
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2] })] });
  model.compile({ optimizer: 'sgd', loss: 'meanSquaredError', metrics: ['mae'] });
  const [x, y] = [tf.ones([6, 2]), tf.ones([6, 1])];
  const fit = () =>
    model.fit(x, y, {
      epochs: 2,
      batchSize: 3,
      validationSplit: 0.5,
      verbose: 0,
      callbacks: [new EventFileCallback(events, { batches: true })],
    });
  await fit();
  const { numTensors } = tf.memory();
  const { history } = await fit();
  expect(tf.memory().numTensors).toBe(numTensors);
  await events.close();

  const written = readEvents(events.path)
    .slice(1)
    .map(({ step, summary }) => {
      const values = summary!.value.map(({ tag, simpleValue }) => [tag, simpleValue] as const);
      return [step, Object.fromEntries(values)] as const;
    });
  const of = (epoch: number) =>
    Object.fromEntries(
      Object.entries(history).map(([name, values]) => [name, Math.fround(values[epoch] as number)]),
    );
  expect(written).toHaveLength(8);
  expect(written.slice(-4).map(([step]) => step)).toEqual([1, 1, 2, 2]);
  expect(Object.keys(written[4][1])).toEqual(['batch/loss', 'batch/mae']);
  expect(written[5][1]).toEqual(of(0));
  expect(written[7][1]).toEqual(of(1));
  expect(Object.keys(written[7][1]).sort()).toEqual(['loss', 'mae', 'val_loss', 'val_mae']);

  tf.dispose([x, y]);
  model.dispose();
  await rm(folder, { recursive: true });
});
