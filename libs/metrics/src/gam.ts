import { type BootstrapOptions, estimate, type Estimate } from './bootstrap.js';
import { MetricsError } from './errors.js';

/** What the critic of a run says of four sets of clips. Higher means more real. */
export interface CriticScores {
  /** Real clips to set its threshold by, such as clips of the training data. */
  readonly ownReal: ArrayLike<number>;
  /** Clips of its own generator, to set its threshold by. */
  readonly ownGenerated: ArrayLike<number>;
  /** Real clips that neither run was trained on: the same clips for both runs. */
  readonly testReal: ArrayLike<number>;
  /** Clips of the other run's generator. */
  readonly otherGenerated: ArrayLike<number>;
}

/** How two runs compare by each other's critics. */
export interface GamResult {
  /**
   * The error rate of the second run's critic on the first run's clips, over that of the first's
   * critic on the second's clips. Above 1 the first generator deceives better. null where the
   * divisor is 0.
   */
  readonly sampleRatio: Estimate | null;
  /**
   * The error rate of the first critic on real test clips over that of the second. Only where it is
   * close to 1 are the critics equally good, and the sample ratio means something. null where the
   * divisor is 0.
   */
  readonly testRatio: Estimate | null;
  /**
   * Which run wins. `undecided` where the test ratio is not close to 1, or the sample ratio's
   * interval holds 1.
   */
  readonly winner: 'first' | 'second' | 'undecided';
  /** Why, in words. */
  readonly reason: string;
  /** The four error rates that the ratios are of, and the thresholds. */
  readonly errors: {
    readonly firstOnTest: number;
    readonly secondOnTest: number;
    readonly firstOnSecond: number;
    readonly secondOnFirst: number;
  };
  /** A clip that scores at least this counts as real: of the first critic, of the second. */
  readonly thresholds: readonly [first: number, second: number];
}

/** The test ratio may be off 1 by this factor. */
const CLOSE = 1.25;

/**
 * The generative adversarial metric (Im et al. 2016) between two runs, in the orientation of the
 * Temporal GAN's table (Saito et al. 2017): above 1 the first run wins.
 *
 * The score of a Wasserstein critic has no zero: its threshold is where the critic tells its own
 * real and generated clips apart best (the lowest sum of both error rates). The bootstrap draws
 * test clips and generated clips anew and keeps the thresholds.
 *
 * @throws MetricsError when a set is empty or holds NaN, or the runs saw different numbers of test
 * clips.
 */
export function generativeAdversarialMetric(
  first: CriticScores,
  second: CriticScores,
  options: BootstrapOptions,
): GamResult {
  check('first', first);
  check('second', second);
  if (first.testReal.length !== second.testReal.length) {
    throw new MetricsError(
      `GAM: the runs must judge the same test clips, got ${first.testReal.length} and ${second.testReal.length}`,
    );
  }
  const thresholds = [thresholdOf(first), thresholdOf(second)] as const;
  const wrong = {
    firstOnTest: below(first.testReal, thresholds[0]),
    secondOnTest: below(second.testReal, thresholds[1]),
    firstOnSecond: below(first.otherGenerated, thresholds[0]).map((isBelow) => 1 - isBelow),
    secondOnFirst: below(second.otherGenerated, thresholds[1]).map((isBelow) => 1 - isBelow),
  };
  const errors = {
    firstOnTest: mean(wrong.firstOnTest),
    secondOnTest: mean(wrong.secondOnTest),
    firstOnSecond: mean(wrong.firstOnSecond),
    secondOnFirst: mean(wrong.secondOnFirst),
  };
  const sampleRatio = ratio(wrong.secondOnFirst, wrong.firstOnSecond, options);
  const testRatio = ratio(wrong.firstOnTest, wrong.secondOnTest, options);
  return { sampleRatio, testRatio, errors, thresholds, ...verdict(sampleRatio, testRatio) };
}

function verdict(
  sample: Estimate | null,
  test: Estimate | null,
): Pick<GamResult, 'winner' | 'reason'> {
  const undecided = (reason: string) => ({ winner: 'undecided' as const, reason });
  if (!test) return undecided('the second critic makes no error on test clips');
  if (test.value > CLOSE || test.value < 1 / CLOSE) {
    return undecided(
      `the critics are not equally good: their test ratio is ${test.value.toFixed(2)}, not near 1`,
    );
  }
  if (!sample) return undecided("the first critic makes no error on the second run's clips");
  const [low, high] = sample.interval ?? [sample.value, sample.value];
  if (low <= 1 && high >= 1) return undecided('the sample ratio does not differ from 1 enough');
  return low > 1
    ? { winner: 'first', reason: "its clips deceive the second run's critic more often" }
    : { winner: 'second', reason: "its clips deceive the first run's critic more often" };
}

/**
 * The ratio of two error rates. A replicate without errors counts half of one, so that no ratio is
 * infinite.
 */
function ratio(above: Uint8Array, under: Uint8Array, options: BootstrapOptions): Estimate | null {
  if (mean(under) === 0) return null;
  const drawn = (wrong: Uint8Array) => {
    let sum = 0;
    for (let i = 0; i < wrong.length; i++) sum += wrong[options.random.integer(wrong.length)];
    return Math.max(sum, 0.5) / wrong.length;
  };
  const value = mean(above) / mean(under);
  return estimate(value, () => drawn(above) / drawn(under), options, [0, Infinity]);
}

/**
 * Halfway between the two neighboring scores that part real from generated with the fewest errors.
 */
function thresholdOf({ ownReal, ownGenerated }: CriticScores): number {
  const scores = [
    ...Array.from(ownReal, (score) => ({ score, real: true })),
    ...Array.from(ownGenerated, (score) => ({ score, real: false })),
  ].sort((a, b) => a.score - b.score);
  let [realBelow, generatedBelow, fewest, threshold] = [0, 0, Infinity, scores[0].score];
  for (let i = 0; i + 1 < scores.length; i++) {
    if (scores[i].real) realBelow++;
    else generatedBelow++;
    if (scores[i].score === scores[i + 1].score) continue;
    const errors =
      realBelow / ownReal.length + (ownGenerated.length - generatedBelow) / ownGenerated.length;
    if (errors < fewest) {
      fewest = errors;
      threshold = (scores[i].score + scores[i + 1].score) / 2;
    }
  }
  return threshold;
}

/** 1 where a score lies below the threshold. */
function below(scores: ArrayLike<number>, threshold: number): Uint8Array {
  return Uint8Array.from(scores, (score) => +(score < threshold));
}

function mean(values: Uint8Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function check(run: string, scores: CriticScores): void {
  for (const name of ['ownReal', 'ownGenerated', 'testReal', 'otherGenerated'] as const) {
    if (scores[name].length === 0)
      throw new MetricsError(`GAM: no scores in ${name} of the ${run} run`);
    for (let i = 0; i < scores[name].length; i++) {
      if (!Number.isFinite(scores[name][i])) {
        throw new MetricsError(
          `GAM: score ${i} in ${name} of the ${run} run is ${scores[name][i]}`,
        );
      }
    }
  }
}
