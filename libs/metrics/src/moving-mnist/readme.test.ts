import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { readClips, scoreReadings } from '../index.js';
import { loadMovingMnistReader } from '../node/index.js';
import { movingClips, toTensor } from '../testing/moving-clips.js';

const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8');

it('reads clips of Moving MNIST as the README shows', async () => {
  for (const line of [
    'const { reader } = await loadMovingMnistReader();',
    'const scores = scoreReadings(await readClips(reader, clips)); // [batch, time, height, width, 1]',
    'console.log(scores.legibility, scores.identity, scores.medianDisplacement);',
    'reader.dispose();',
  ]) {
    expect(readme).toContain(line);
  }
  const clips = toTensor(await movingClips({ imageSize: 32, digits: 1, count: 4, seed: 1 }));
  const { reader } = await loadMovingMnistReader();
  const scores = scoreReadings(await readClips(reader, clips));
  expect(scores.legibility).toBeGreaterThan(0.4);
  expect(scores.medianDisplacement).toBeGreaterThan(0.2);
  reader.dispose();
  clips.dispose();
});

it('says what the record of the training says', async () => {
  const { reader, record } = await loadMovingMnistReader();
  reader.dispose();
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  for (const [canvas, found] of Object.entries(record.test)) {
    if (typeof found === 'number') continue;
    for (const share of [found['accuracy'], found['named'], found['namedWrongly']]) {
      if (share !== undefined) expect(readme, canvas).toContain(percent(share));
    }
  }
});
