// Do the videos of a conditional run of Moving MNIST show what their labels say? The reader of
// @tgan/metrics names the digit of each video. It has not seen the run's labels.
//
//   npx nx build @tgan/cli && node tools/judge-labels.mjs RUN... [--videos 50]
//
// RUN is a run such as that of `tgan train moving-mnist-tiny`. `videos` is how many are made of
// each label. No test runs this.
import { parseArgs } from 'node:util';
import { Random } from '@tgan/core';
import { readClips } from '@tgan/metrics';
import { loadMovingMnistReader } from '@tgan/metrics/node';
import { openRun } from '@tgan/runs';
import * as tf from '@tensorflow/tfjs';

const { values, positionals: folders } = parseArgs({
  allowPositionals: true,
  options: { videos: { type: 'string', default: '50' } },
});
if (folders.length === 0) throw new Error('which run? node tools/judge-labels.mjs RUN...');
const videos = Number(values.videos);

const { reader } = await loadMovingMnistReader();
for (const folder of folders) {
  const { model, config } = await openRun(folder);
  const digitSize = Number(config.digitSize ?? 28);
  /** By label: the share of videos that the reader names by it. */
  const rows = [];
  for (let label = 0; label < (model.options.classes ?? 0); label++) {
    const labels = tf.tensor1d(new Array(videos).fill(label), 'int32');
    const clips = model.sample(videos, new Random(label), { labels });
    const readings = await readClips(reader, clips, 1, digitSize);
    const named = readings.filter(({ digits }) => digits[0] === label).length;
    rows.push({ label, 'named by it': named / videos });
    tf.dispose([labels, clips]);
  }
  const mean = rows.reduce((sum, row) => sum + row['named by it'], 0) / rows.length;
  console.log(`${folder}: ${(100 * mean).toFixed(1)} % of the videos show their label`);
  console.table(rows);
  model.dispose();
}
