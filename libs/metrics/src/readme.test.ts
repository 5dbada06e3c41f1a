import { mkdtemp, readFile, rm, writeFile as write } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { saveModel } from './testing/save-model.js';
import { Random } from '@tgan/core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { comparisonTable, type EvaluationReport, evaluate, scoreTable } from './index.js';
import { openModelExtractor as open } from './node/index.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tgan-readme-'));
  const model = tf.sequential();
  model.add(
    tf.layers.conv3d({
      inputShape: [2, 12, 12, 3],
      filters: 4,
      kernelSize: [2, 5, 5],
      strides: [1, 3, 3],
      activation: 'relu',
      kernelInitializer: tf.initializers.randomNormal({ seed: 1 }),
    }),
  );
  model.add(tf.layers.averagePooling3d({ poolSize: [1, 3, 3], name: 'pool' }));
  model.add(tf.layers.flatten());
  const kernelInitializer = tf.initializers.randomNormal({ seed: 2 });
  model.add(
    tf.layers.dense({ units: 3, activation: 'softmax', name: 'classes', kernelInitializer }),
  );
  await saveModel(model, join(folder, 'c3d'));
  model.dispose();
});
afterAll(() => rm(folder, { recursive: true }));

/** The blocks between markers in this file, as they stand in the README. */
async function examples(): Promise<string[]> {
  const source = await readFile(new URL('readme.test.ts', import.meta.url), 'utf8');
  const blocks = source.split(/^ *\/\/ (?:begin|end)$/m).filter((_, i) => i % 2 === 1);
  return blocks.map((block) => block.replace(/^ {2}/gm, '').trim());
}

it('does what the README shows', async () => {
  const random = new Random(1);
  function* clips(contrast: number): Generator<tf.Tensor5D> {
    for (;;) {
      const pixels = random.uniform(50 * 2 * 64, -contrast, contrast);
      yield tf.tensor5d(pixels, [50, 2, 8, 8, 1]);
    }
  }
  const generatedClips = () => clips(0.5);
  const realClips = () => clips(1);
  const openModelExtractor: typeof open = (path, options) => open(join(folder, path), options);
  const writeFile = (name: string, text: string) => write(join(folder, name), text);
  const phases = new Set<string>();
  const progress = (phase: string, share: number) => {
    expect(share).toBeLessThanOrEqual(1);
    phases.add(phase);
  };
  const lines: string[] = [];
  const console = {
    log: (text: string, share?: number) =>
      share === undefined ? lines.push(text) : progress(text, share),
  };

  // begin
  const extractor = await openModelExtractor('c3d', {
    channels: 'rgb',
    size: [12, 12],
    features: 'pool',
    probabilities: 'classes',
  });
  const report = await evaluate({
    extractor,
    data: { name: 'moving-mnist', split: 'test' },
    generated: generatedClips(), // batches [batch, time, height, width, channels] in [-1, 1]
    reference: realClips(),
    options: { count: 200 },
    onProgress: ({ phase, done, total }) => console.log(phase, done / total),
  });
  console.log(scoreTable(report));
  await writeFile('report.json', JSON.stringify(report));
  extractor.dispose();
  // end

  const otherReport: EvaluationReport = JSON.parse(
    await readFile(join(folder, 'report.json'), 'utf8'),
  );
  // begin
  console.log(comparisonTable({ 'with clipping': report, 'without clipping': otherReport }));
  // end
  expect(lines.at(-1)).toContain('| without clipping | ');

  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
  const blocks = await examples();
  expect(blocks).toHaveLength(2);
  for (const block of blocks) expect(readme).toContain(block);
  expect([...phases]).toEqual(['reference', 'real', 'generated', 'scores']);
  expect(report.scores.frechetDistance.interval![0]).toBeGreaterThan(
    report.scores.frechetDistance.real!.interval![1],
  );
  expect(lines.join()).toContain('| Frechet distance (FVD) | 0.0115 [');
});
