import { readFileSync } from 'node:fs';
import { expectNoLeaks } from '@tgan/tensor-fixtures';
import { afterAll, describe, expect, it } from 'vitest';
import { checkpointSteps } from '../checkpoints.js';
import { readConfig } from '../config/config.js';
import type { MetricsLine } from '../metrics-log.js';
import { RunFolder } from '../run-folder.js';
import { temporaryFolder, tinyConfig } from '../testing/tiny-run.js';
import { selectBackend } from '../select-backend.js';
import { resume, train } from '../train.js';
import { TrainingScores } from './training-scores.js';

const folder = temporaryFolder();
afterAll(() => folder.remove());

const config = {
  ...tinyConfig,
  ...{ dataset: 'moving-mnist', backend: 'simd', checkpointEvery: 100, keepCheckpoints: 1 },
  ...{ steps: 4, evaluateEvery: 2, evaluateCount: 16, tensorboard: true },
};

const linesOf = (...names: string[]): MetricsLine[] =>
  readFileSync(folder.at(...names, 'metrics.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as MetricsLine);

describe('evaluateEvery', () => {
  it('scores the generator, keeps the best checkpoint by it, and goes on after a stop', async () => {
    const { best } = await train(config, { folder: folder.at('whole') });
    const lines = linesOf('whole');
    const scored = lines.filter(({ frechetDistance }) => frechetDistance !== undefined);
    expect(scored.map(({ step }) => step)).toEqual([2, 4]);
    for (const { readable } of scored) {
      expect(Object.keys(readable!)).toEqual(['legibility', 'identity', 'straightOrBouncing']);
    }
    const distances = scored.map(({ frechetDistance }) => frechetDistance!);
    expect(scored.find(({ step }) => step === best)!.frechetDistance).toBe(Math.min(...distances));
    const { run } = await RunFolder.open(folder.at('whole'));
    expect(await checkpointSteps(run)).toContain(best);
    expect(readFileSync(run.part('curves'), 'utf8')).toContain('Frechet distance (FVD)');

    await train({ ...config, steps: 2 }, { folder: folder.at('parts') });
    await resume(folder.at('parts'), { changes: { steps: 4 } });
    const score = ({ step, frechetDistance, readable }: MetricsLine) => ({
      ...{ step, frechetDistance, readable },
    });
    expect(linesOf('parts').map(score)).toEqual(lines.map(score));
  });

  it('is off unless asked for, and says when no extractor fits', async () => {
    const read = await readConfig({ ...config, evaluateEvery: 0 }, 'test');
    await selectBackend('simd');
    const model = await read.axes.create('model', read.config, { seed: 1 });
    await expectNoLeaks(async () => {
      expect(await TrainingScores.open(read, model)).toBeUndefined();
      const asked = { ...read, config: { ...read.config, evaluateEvery: 1 } };
      const scores = await TrainingScores.open(asked, model);
      const first = await scores!.measure(model);
      expect(await scores!.measure(model)).toEqual(first);
      scores!.dispose();
      const missing = { ...asked, config: { ...asked.config, extractor: 'none/model.json' } };
      await expect(TrainingScores.open(missing, model)).rejects.toThrow(
        /^cannot read the extractor none.model.json: there is no such file/,
      );
    });
    model.dispose();
  });
});
