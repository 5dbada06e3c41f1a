import { expectNoLeaks } from '@tgan/tensor-fixtures';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder, tinyConfig } from '../testing/tiny-run.js';
import { train } from '../train.js';
import { evaluateRuns } from './evaluate-runs.js';
import { gamOfRuns } from './gam.js';

const folder = temporaryFolder();
const options = { count: 12, replicates: 0, backend: 'simd' };

beforeAll(async () => {
  const config = { ...tinyConfig, dataset: 'moving-mnist', backend: 'simd', steps: 1 };
  await train(config, { folder: folder.at('run') });
}, 60_000);
afterAll(() => folder.remove());

describe('evaluateRuns', () => {
  it('says how far it is, keeps no tensors, and can be stopped', async () => {
    await evaluateRuns([folder.at('run')], options);
    const stop = new AbortController();
    const phases = new Set<string>();
    await expectNoLeaks(async () => {
      const [{ report, training }] = await evaluateRuns([folder.at('run')], {
        ...options,
        onProgress: ({ phase, done, total, run }) => {
          phases.add(`${phase} ${run ?? ''}`);
          expect(done).toBeLessThanOrEqual(total);
        },
      });
      expect(report.record.count).toBe(12);
      expect(report.scores['nearDuplicates'].samples).toBe(12);
      expect(training).toMatchObject({ model: 'tgan', steps: 1, 'batch size': 2 });
      const stopped = evaluateRuns([folder.at('run')], {
        ...options,
        signal: stop.signal,
        onProgress: ({ phase }) => phase === 'generated' && stop.abort(),
      });
      await expect(stopped).rejects.toThrow(/abort/);
    });
    expect([...phases]).toEqual(['reference ', 'real ', 'generated run', 'scores run']);
  });
});

describe('gamOfRuns', () => {
  it('finds no winner between a run and itself', async () => {
    const both = [folder.at('run'), folder.at('run')] as const;
    await expectNoLeaks(async () => {
      const { winner, sampleRatio, testRatio } = await gamOfRuns(both, options);
      expect(winner).toBe('undecided');
      for (const ratio of [sampleRatio, testRatio]) expect(ratio?.value ?? 1).toBe(1);
    });
  });
});
