import { Random } from '@tgan/core';
import {
  generativeAdversarialMetric,
  type ClipSource,
  type CriticScores,
  type GamResult,
} from '@tgan/metrics';
import type * as tf from '@tensorflow/tfjs';
import { UsageError } from '../errors.js';
import type { TrainedRun } from '../trained-run.js';
import { clipsMadeBy, clipsOf } from './clips.js';
import type { EvaluateRunsOptions } from './evaluate-runs.js';
import { closeJudged, openJudged, type JudgedRun } from './open-judged.js';
import { REAL_SEED } from './real-side.js';

/**
 * Lets the critics of two runs judge each other's clips: the generative adversarial metric, above 1
 * where the first run wins. Critics judge with their running statistics.
 *
 * @param folders - two run folders.
 * @throws UsageError when there is no run, it has no weights, it is conditional, or the runs make
 * other clips or learn from other data.
 */
export async function gamOfRuns(
  [first, second]: readonly [string, string],
  { count = 2048, seed = 0, replicates = 30, backend, signal }: EvaluateRunsOptions = {},
): Promise<GamResult> {
  const opened: JudgedRun[] = [];
  try {
    for (const folder of [first, second]) {
      opened.push(await openJudged(folder, { backend, critic: true }));
    }
    refuseUnlike(opened);
    const [own, other] = opened;
    const order = { seed, count };
    const scoresOf = async (one: typeof own, against: typeof own): Promise<CriticScores> => {
      const score = (clips: ClipSource) => scoresBy(one.run, clips, signal);
      return {
        ownReal: await score(clipsOf(one.judge.trained, { ...order, seed: REAL_SEED })),
        ownGenerated: await score(clipsMadeBy(one.run.model, order)),
        testReal: await score(clipsOf(own.judge.judge, { ...order, seed: REAL_SEED + 1 })),
        otherGenerated: await score(clipsMadeBy(against.run.model, { ...order, seed: seed + 1 })),
      };
    };
    return generativeAdversarialMetric(await scoresOf(own, other), await scoresOf(other, own), {
      replicates,
      random: new Random(seed, 5),
    });
  } finally {
    await closeJudged(opened);
  }
}

function refuseUnlike(opened: readonly JudgedRun[]): void {
  const [a, b] = opened.map(({ judge }) => ({ data: judge.data.name, ...judge.judge.clip }));
  const differ = Object.keys(a).filter((key) => a[key as 'data'] !== b[key as 'data']);
  if (differ.length > 0) {
    const lines = differ.map((key) => `${key}: ${a[key as 'data']} against ${b[key as 'data']}`);
    throw new UsageError(`--gam: these runs cannot be compared: ${lines.join('; ')}`);
  }
  for (const { run } of opened) {
    if (!run.model.options.classes) continue;
    throw new UsageError(
      `--gam: ${run.run.path} is conditional: its critic judges no clip without a label`,
    );
  }
}

async function scoresBy(
  { model }: TrainedRun,
  clips: ClipSource,
  signal?: AbortSignal,
): Promise<number[]> {
  const all: number[] = [];
  for await (const batch of clips as AsyncIterable<tf.Tensor5D>) {
    // Where a batch waits for nothing, Ctrl-C gets its turn here.
    await new Promise((resolve) => setTimeout(resolve));
    signal?.throwIfAborted();
    const scores = model.score(batch);
    batch.dispose();
    all.push(...(await scores.data()));
    scores.dispose();
  }
  return all;
}
