import { type BootstrapOptions, type Estimate } from './bootstrap.js';
import type { FeatureExtractor } from './extractor.js';
import type { FeatureSample } from './feature-sample.js';
import { estimateFrechetDistance } from './frechet-distance.js';
import { kernelDistance } from './kernel-distance.js';
import { neighborScores } from './neighbors.js';

/** What a table says of a score. */
export interface ScoreInfo {
  /** Its key in a report. */
  readonly name: string;
  /** What a person reads. */
  readonly label: string;
  /** Which way is good; `as real`: as near to that of real clips as can be. */
  readonly better: 'lower' | 'higher' | 'as real';
  /** What it means, in one line. */
  readonly meaning: string;
}

/** Settings of scores, beside the bootstrap's. */
export interface ScoreSettings extends BootstrapOptions {
  /** k of the nearest neighbors. */
  readonly neighbors: number;
  /** Parts of the Inception score. */
  readonly splits: number;
}

/** Scores that are computed together. */
export interface ScoreFamily {
  /** What it computes, in the order of {@link ScoreFamily.compute}'s result. */
  readonly scores: readonly ScoreInfo[];
  /** Whether it is of all clips, or of those whose features are kept. */
  readonly of: 'all' | 'kept';
  /** Whether an extractor finds what it needs. */
  applies(extractor: Pick<FeatureExtractor, 'classes'>): boolean;
  /** By name. */
  compute(
    generated: FeatureSample,
    reference: FeatureSample,
    settings: ScoreSettings,
  ): Record<string, Estimate>;
  /** What to mind about these samples, in one line; undefined where all is well. */
  warn(
    generated: FeatureSample,
    reference: FeatureSample,
    settings: ScoreSettings,
  ): string | undefined;
}

/** Every score that {@link evaluate} computes. */
export const scoreFamilies: readonly ScoreFamily[] = [
  {
    scores: [
      {
        name: 'frechetDistance',
        label: 'Frechet distance (FVD)',
        better: 'lower',
        meaning: 'distance of mean and covariance of features from those of real clips',
      },
    ],
    of: 'all',
    applies: () => true,
    compute: (generated, reference, settings) => ({
      frechetDistance: estimateFrechetDistance(generated.moments, reference.moments, settings),
    }),
    warn(generated, reference) {
      const count = Math.min(generated.count, reference.count);
      const { size } = generated.kept;
      if (count > size) return undefined;
      return (
        `Frechet distance: ${count} clips are too few for ${size} features: the covariance is not determined ` +
        `and the distance comes out too large; take more than ${size} clips, better ${10 * size}`
      );
    },
  },
  {
    scores: [
      {
        name: 'kernelDistance',
        label: 'kernel distance (KVD)',
        better: 'lower',
        meaning:
          'unbiased discrepancy of features from those of real clips; about 0 for real clips',
      },
    ],
    of: 'kept',
    applies: () => true,
    compute: (generated, reference, settings) => ({
      kernelDistance: kernelDistance(generated.kept, reference.kept, settings),
    }),
    warn: () => undefined,
  },
  {
    scores: [
      {
        name: 'precision',
        label: 'precision',
        better: 'higher',
        meaning: 'share of clips that lie near a real one',
      },
      {
        name: 'recall',
        label: 'recall',
        better: 'higher',
        meaning: 'share of real clips that lie near a generated one',
      },
      {
        name: 'density',
        label: 'density',
        better: 'higher',
        meaning: 'how many real clips a clip lies near, beside what is expected of real clips',
      },
      {
        name: 'coverage',
        label: 'coverage',
        better: 'higher',
        meaning: 'share of real clips with a generated one in their neighborhood',
      },
    ],
    of: 'kept',
    applies: () => true,
    compute: (generated, reference, settings) => ({
      ...neighborScores(generated.kept, reference.kept, settings.neighbors, settings),
    }),
    warn: () => undefined,
  },
  {
    scores: [
      {
        name: 'inceptionScore',
        label: 'Inception score',
        better: 'higher',
        meaning: 'how sure the classifier is of each clip and how varied its classes are',
      },
    ],
    of: 'all',
    applies: ({ classes }) => classes > 0,
    compute: (generated, _, settings) => ({
      inceptionScore: generated.inception!.score(settings.splits, settings),
    }),
    warn(generated, _, { splits }) {
      const { classes } = generated;
      if (generated.count / splits >= 10 * classes) return undefined;
      return (
        `Inception score: ${generated.count} clips in ${splits} splits are too few for ${classes} classes: ` +
        `it comes out too low; take at least ${10 * classes * splits} clips`
      );
    },
  },
];
