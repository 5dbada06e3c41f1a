import { type BootstrapOptions, estimateFrom, type Estimate, type Range } from '../bootstrap.js';
import { MetricsError } from '../errors.js';
import type { ReportedScore } from '../report.js';
import type { ScoreInfo } from '../scores.js';
import { readerDigitSize } from './digit-size.js';
import { scoreReadings, type ClipReading, type ClipScores } from './read-clips.js';

/** A score of {@link ClipScores} as a report shows it. */
interface ReadableScore extends ScoreInfo {
  readonly range: Range;
  /** Whether it counts pixels of a frame. */
  readonly inPixels?: boolean;
  of(scores: ClipScores): number;
}

const share: Range = [0, 1];
const unbounded: Range = [0, Infinity];

const readable: readonly ReadableScore[] = [
  {
    name: 'legibility',
    label: 'legibility',
    better: 'higher',
    meaning: 'share of the digits in frames that are named with confidence',
    range: share,
    of: ({ legibility }) => legibility,
  },
  {
    name: 'identity',
    label: 'identity',
    better: 'higher',
    meaning: 'share of clips whose digits stay the same',
    range: share,
    of: ({ identity }) => identity,
  },
  {
    name: 'followed',
    label: 'followed',
    better: 'higher',
    meaning: 'share of clips whose digits are seen in at least half of the frames',
    range: share,
    of: ({ followed }) => followed,
  },
  {
    name: 'displacement',
    label: 'pixels per frame, median',
    better: 'as real',
    meaning: 'along the straight or bouncing path that fits a clip best',
    range: unbounded,
    inPixels: true,
    of: ({ displacement }) => displacement.median,
  },
  {
    name: 'slowDisplacement',
    label: 'pixels per frame, 10th percentile',
    better: 'as real',
    meaning: 'how far the slow digits move',
    range: unbounded,
    inPixels: true,
    of: ({ displacement }) => displacement.p10,
  },
  {
    name: 'fastDisplacement',
    label: 'pixels per frame, 90th percentile',
    better: 'as real',
    meaning: 'how far the fast digits move',
    range: unbounded,
    inPixels: true,
    of: ({ displacement }) => displacement.p90,
  },
  {
    name: 'straightOrBouncing',
    label: 'straight or bouncing',
    better: 'higher',
    meaning: 'share of clips whose digits move, straight on and back from the walls',
    range: share,
    of: ({ straightOrBouncing }) => straightOrBouncing,
  },
  {
    name: 'classEntropy',
    label: 'variety of digits',
    better: 'higher',
    meaning: 'entropy of the digits that are named, in nats; 2.303 where all ten are as frequent',
    range: [0, Math.log(10)],
    of: ({ classEntropy }) => classEntropy,
  },
];

/**
 * The readable scores of clips of Moving MNIST beside those of real clips, to be added to the
 * scores of a report. A score that the clips do not have, such as the speed where no digit can be
 * followed, is left out.
 *
 * @param generated - what the reader says of generated clips.
 * @param real - of real clips that were not trained on; null where there are none.
 * @param options - of the bootstrap, which draws clips anew; and `digitSize`, height and width in
 * pixels of the digits in the clips. Speeds are in pixels of the clips.
 * @throws MetricsError when there are no generated clips.
 */
export function readableScores(
  generated: readonly ClipReading[],
  real: readonly ClipReading[] | null,
  options: BootstrapOptions & { readonly digitSize?: number },
): Record<string, ReportedScore> {
  if (generated.length === 0) throw new MetricsError('there are no readings of generated clips');
  const [found, ofReal] = [generated, real].map((readings) =>
    readings && readings.length > 0 ? estimates(readings, options) : null,
  );
  return Object.fromEntries(
    readable.flatMap(({ of: _of, range: _range, inPixels: _pixels, ...info }) => {
      const score = found![info.name];
      if (!Number.isFinite(score.value)) return [];
      const beside = ofReal?.[info.name];
      const isKnown = beside && Number.isFinite(beside.value);
      const samples = generated.length;
      return [[info.name, { ...score, real: isKnown ? beside : null, samples, ...info }]];
    }),
  );
}

/** All scores of some readings, by name. */
function estimates(
  readings: readonly ClipReading[],
  {
    replicates,
    random,
    digitSize = readerDigitSize,
  }: BootstrapOptions & { readonly digitSize?: number },
): Record<string, Estimate> {
  const all = scoreReadings(readings);
  const drawn = Array.from({ length: replicates }, () =>
    scoreReadings(readings.map(() => readings[random.integer(readings.length)])),
  );
  return Object.fromEntries(
    readable.map(({ name, of, range, inPixels }) => {
      const unit = inPixels ? digitSize / readerDigitSize : 1;
      const values = drawn.map((scores) => unit * of(scores)).filter(Number.isFinite);
      return [name, estimateFrom(unit * of(all), values, range)];
    }),
  );
}
