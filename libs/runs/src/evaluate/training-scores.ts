import {
  evaluate,
  readableScores,
  sampleReference,
  type EvaluationContext,
  type FeatureExtractor,
  type MovingMnistReader,
  type ReferenceSample,
} from '@tgan/metrics';
import { loadMovingMnistReader } from '@tgan/metrics/node';
import { Random } from '@tgan/core';
import type { VideoModel } from '@tgan/video-gan';
import type { ConfigInAxes } from '../config/config.js';
import { UsageError } from '../errors.js';
import { runSeed } from '../run-seed.js';
import { clipsMadeBy, clipsOf } from './clips.js';
import { openJudgeData, type JudgeData } from './judge-data.js';
import { openExtractor } from './open-extractor.js';
import { REAL_SEED, Tap } from './real-side.js';

/** The scores of an evaluation during training. */
export interface TrainingScore {
  /** The Frechet distance (FVD) of generated from real clips. */
  readonly frechetDistance: number;
  /** For Moving MNIST: shares of frames or clips, see `readableScores`. */
  readonly readable?: Readonly<Record<string, number>>;
}

/** The readable scores that are shares, which one picture can show. */
const shares = ['legibility', 'identity', 'straightOrBouncing'];

/**
 * Scores a generator as it trains. Few clips are compared, and always the same real ones and the
 * same latents, so that the scores of two steps can be compared. They are larger than those of
 * `tgan evaluate`, which takes more clips.
 */
export class TrainingScores {
  readonly #judge: JudgeData;
  readonly #context: EvaluationContext;
  readonly #real: ReferenceSample;
  readonly #reader: MovingMnistReader | undefined;
  readonly #order: { readonly seed: number; readonly count: number };

  private constructor(
    judge: JudgeData,
    context: EvaluationContext,
    real: ReferenceSample,
    reader: MovingMnistReader | undefined,
    order: { readonly seed: number; readonly count: number },
  ) {
    this.#judge = judge;
    this.#context = context;
    this.#real = real;
    this.#reader = reader;
    this.#order = order;
  }

  /**
   * Reads the real clips of a run.
   *
   * @returns undefined if the run has no evaluations.
   * @throws UsageError when no extractor fits; MetricsError as `evaluate` does.
   */
  static async open(of: ConfigInAxes, model: VideoModel): Promise<TrainingScores | undefined> {
    const { evaluateEvery, evaluateCount: count, extractor: path, seed } = of.config;
    if (evaluateEvery === 0) return undefined;
    const judge = await openJudgeData(of, model);
    let extractor: FeatureExtractor | undefined;
    try {
      extractor = await openExtractor(path, judge);
      if (!extractor) {
        throw new UsageError(
          `--evaluate-every: no extractor fits ${judge.data.name}; name one with --extractor, see docs/metrics.md`,
        );
      }
      const options = { count, real: false, replicates: 0, keep: 64 };
      const context = { extractor, data: judge.data, options };
      const source = clipsOf(judge.judge, { seed: REAL_SEED, count });
      const real = await sampleReference({ ...context, source });
      const reader = judge.moving && (await loadMovingMnistReader()).reader;
      const order = { seed: runSeed(seed, 'evaluation'), count };
      return new TrainingScores(judge, context, real, reader, order);
    } catch (error) {
      extractor?.dispose();
      throw error;
    } finally {
      await judge.close();
    }
  }

  /** Scores the generator as it is. */
  async measure(model: VideoModel): Promise<TrainingScore> {
    const tap = new Tap(this.#reader, this.#judge, 0, 0);
    const { scores } = await evaluate({
      ...this.#context,
      generated: tap.through(clipsMadeBy(model, this.#order)),
      reference: this.#real,
    });
    const frechetDistance = scores['frechetDistance'].value;
    if (!this.#reader) return { frechetDistance };
    const found = readableScores(tap.readings, null, { replicates: 0, random: new Random(0) });
    const readable = Object.fromEntries(shares.map((name) => [name, found[name].value]));
    return { frechetDistance, readable };
  }

  /** Frees the networks. */
  dispose(): void {
    this.#context.extractor.dispose();
    this.#reader?.dispose();
  }
}
