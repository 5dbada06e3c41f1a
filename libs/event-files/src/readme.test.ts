import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { EventFileWriter } from './index.js';
import { readEvents } from './testing/read-events.js';
import { expectReadmeToShow } from '../../../tools/readme-example.js';

it('does what the README shows', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tgan-events-'));
  const gif = Buffer.from('GIF89a\x01\x00\x01\x00', 'latin1');
  // README
  const events = await EventFileWriter.open(folder);
  for (let step = 1; step <= 100; step++) {
    events.scalars(step, { loss: 1 / step, 'scores/real': step });
    if (step % 50 === 0) events.image(step, 'samples', gif);
    if (step % 50 === 0) events.histogram(step, 'weights', [0.1, 0.2, 0.2]);
  }
  await events.close();
  // README
  const read = readEvents(events.path);
  expect(read).toHaveLength(1 + 100 + 2 * 2);
  expect(read.at(-1)).toMatchObject({ step: 100, summary: { value: [{ tag: 'weights' }] } });
  await rm(folder, { recursive: true });

  expectReadmeToShow(import.meta.url);
});
