import { Random } from '@tgan/core';
import {
  assertComparable,
  evaluate,
  nearDuplicates,
  novelty,
  readableScores,
  type EvaluationProgress,
  type EvaluationReport,
  type FeatureExtractor,
  type MovingMnistReader,
  type ReportedScore,
  type ScoreRecord,
} from '@tgan/metrics';
import { loadMovingMnistReader } from '@tgan/metrics/node';
import { UsageError } from '../errors.js';
import { runNames } from '../run-names.js';
import { clipsMadeBy } from './clips.js';
import type { JudgeData } from './judge-data.js';
import { drawNeighbors } from './neighbors.js';
import { closeJudged, openJudged, type JudgedRun } from './open-judged.js';
import { openExtractor } from './open-extractor.js';
import { nearestTrained, readRealSide, Tap, type RealSide } from './real-side.js';

/** What {@link evaluateRuns} takes. */
export interface EvaluateRunsOptions {
  /** The number of clips of each run. Default 2048. */
  readonly count?: number;
  /** Seed of the generated clips and the bootstrap. Default 0. */
  readonly seed?: number;
  /** The file of an extractor, see `openExtractor`. Default: the one that reads Moving MNIST. */
  readonly extractor?: string;
  /** Bootstrap replicates for the intervals. Default 30; 0: none. */
  readonly replicates?: number;
  /** The backend, see `selectBackend`. */
  readonly backend?: string;
  readonly signal?: AbortSignal;
  /** Called with the progress. `run` is missing while real clips are read. */
  readonly onProgress?: (progress: EvaluationProgress & { readonly run?: string }) => void;
}

/** The result of the evaluation of a run. */
export interface RunEvaluation {
  /** The name of the run, which is that of its folder. */
  readonly name: string;
  /** The run folder. */
  readonly folder: string;
  readonly report: EvaluationReport;
  /** A PNG: some generated clips, each above the nearest training clip; a row is a clip. */
  readonly neighbors: Uint8Array;
  /** How it was made, in the order in which a model card shows it. */
  readonly training: Readonly<Record<string, string | number>>;
}

interface Named extends JudgedRun {
  readonly name: string;
  readonly folder: string;
}

/**
 * Scores the clips of runs against real clips at the same counts. Real clips are read once for all
 * runs. Clips are made in batches, so memory does not grow with `count`.
 *
 * For Moving MNIST the report has the readable scores too: legibility, identity, motion, variety,
 * near-duplicates and novelty.
 *
 * @param folders - run folders whose training has ended or was stopped.
 * @throws UsageError when there is no run, it has no weights, or no extractor fits; MetricsError
 * when runs cannot be compared, the extractor is damaged or takes other clips, or there are too few
 * clips; DatasetError when real clips cannot be read.
 */
export async function evaluateRuns(
  folders: readonly string[],
  options: EvaluateRunsOptions = {},
): Promise<RunEvaluation[]> {
  const opened: Named[] = [];
  let extractor: FeatureExtractor | undefined;
  let reader: MovingMnistReader | undefined;
  try {
    const names = runNames(folders);
    for (const [i, folder] of folders.entries()) {
      opened.push({ name: names[i], folder, ...(await openJudged(folder, options)) });
    }
    refuseUnlike(opened);
    const [{ judge }] = opened;
    extractor = await openExtractor(options.extractor, judge);
    if (!extractor) {
      throw new UsageError(
        `no extractor fits ${judge.data.name}: name one with --extractor; docs/metrics.md says how to bring I3D or C3D`,
      );
    }
    if (judge.moving) ({ reader } = await loadMovingMnistReader());
    const context = contextOf(options, extractor, judge);
    const real = await readRealSide({ ...context, judge, reader });
    const found: RunEvaluation[] = [];
    for (const one of opened) found.push(await evaluateRun(one, real, options, context, reader));
    return found;
  } finally {
    extractor?.dispose();
    reader?.dispose();
    await closeJudged(opened);
  }
}

/** Compares what is known before any clip is made. */
function refuseUnlike(opened: readonly Named[]): void {
  const [first, ...others] = opened.map(({ judge: { data, judge } }) => {
    const { frames, height, width, channels } = judge.clip;
    const facts = { data: data.name, split: data.split, frames, channels };
    return { ...facts, frameSize: [height, width] } as unknown as ScoreRecord;
  });
  others.forEach((record, i) => {
    try {
      assertComparable(first, record);
    } catch (error) {
      const names = `${opened[0].name} and ${opened[i + 1].name}`;
      throw new UsageError(`${names}: ${(error as Error).message}`, { cause: error });
    }
  });
}

function contextOf(
  { count = 2048, seed = 0, replicates, signal, onProgress }: EvaluateRunsOptions,
  extractor: FeatureExtractor,
  { data }: JudgeData,
) {
  const options = { count, seed, ...(replicates !== undefined && { replicates }) };
  return { extractor, data, options, signal, onProgress };
}

async function evaluateRun(
  { name, folder, run, judge }: Named,
  real: RealSide,
  { onProgress }: EvaluateRunsOptions,
  context: ReturnType<typeof contextOf>,
  reader?: MovingMnistReader,
): Promise<RunEvaluation> {
  const { count, seed, replicates = 30 } = context.options;
  const tap = new Tap(reader, judge);
  try {
    const report = await evaluate({
      ...context,
      generated: tap.through(clipsMadeBy(run.model, { seed, count })),
      reference: real.reference,
      onProgress: (progress) => onProgress?.({ run: name, ...progress }),
    });
    const { clips, ofEachOther } = (await tap.nearest())!;
    try {
      const ofTrained = await nearestTrained(clips, judge);
      const neighbors = await drawNeighbors(clips, ofTrained, judge.trained);
      const bootstrap = { replicates, random: new Random(seed, 4) };
      const { digitSize } = judge.moving ?? {};
      const scores = {
        ...report.scores,
        ...(judge.moving &&
          readableScores(tap.readings, real.reference.real && real.readings, {
            ...bootstrap,
            digitSize,
          })),
        ...copies(ofEachOther, ofTrained, real),
      };
      const training = await run.facts();
      return { name, folder, report: { ...report, scores }, neighbors, training };
    } finally {
      clips.dispose();
    }
  } finally {
    tap.dispose();
  }
}

/** What tells whether clips are made twice, or copied from the training clips. */
function copies(
  ofEachOther: RealSide['ofEachOther'],
  ofTrained: RealSide['ofTrained'],
  real: RealSide,
): Record<string, ReportedScore> {
  const info = { samples: ofEachOther.length, interval: null };
  const estimate = (value: number) => ({ value, interval: null });
  const like = ofEachOther.length === real.ofEachOther.length;
  return {
    ...(like && {
      nearDuplicates: {
        ...{ ...info, value: nearDuplicates(ofEachOther, real.ofEachOther) },
        real: estimate(nearDuplicates(real.ofEachOther, real.ofEachOther)),
        ...{ label: 'near-duplicates', better: 'lower' as const },
        meaning: 'share of clips with another one nearer than real clips have in 99 of 100 cases',
      },
    }),
    ...(real.ofTrained.length > 0 && {
      novelty: {
        ...{ ...info, value: novelty(ofTrained, real.ofTrained) },
        real: estimate(1),
        ...{ label: 'novelty', better: 'as real' as const },
        meaning:
          'distance to the nearest training clip beside that of unseen real clips; 0: a copy',
      },
    }),
  };
}
