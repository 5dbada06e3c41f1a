import { parseOptions, Random } from '@tgan/core';
import { ClipReader, type ClipShape, type ClipSource } from './clip-reader.js';
import { MetricsError } from './errors.js';
import type { FeatureExtractor } from './extractor.js';
import { FeatureSample } from './feature-sample.js';
import {
  type CheckedEvaluationOptions,
  evaluationOptions,
  type EvaluationOptions,
} from './options.js';
import type { EvaluationReport, ReportedScore } from './report.js';
import { scoreFamilies } from './scores.js';

/** How far an evaluation is. */
export interface EvaluationProgress {
  /** `reference` and `real` clips are read first, then `generated` ones; `scores` come last. */
  readonly phase: 'reference' | 'real' | 'generated' | 'scores';
  /** Clips read, or scores computed. */
  readonly done: number;
  /** Of how many. */
  readonly total: number;
}

/** What {@link evaluate} and {@link sampleReference} have in common. */
export interface EvaluationContext {
  /** Finds the features. Stays the caller's. */
  readonly extractor: FeatureExtractor;
  /** The data set that the real clips come from, and which part of it: written with the scores. */
  readonly data: { readonly name: string; readonly split: string };
  /** Counts and settings. */
  readonly options?: EvaluationOptions;
  /** Called after every batch and every score. */
  readonly onProgress?: (progress: EvaluationProgress) => void;
  /** Ends the evaluation early: it rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/**
 * What an evaluation knows of real clips. Serves any number of evaluations with the same options.
 */
export interface ReferenceSample {
  /** Of the clips that generated ones are compared with. */
  readonly reference: FeatureSample;
  /** Of further real clips; null where none were asked for, or the source had no more. */
  readonly real: FeatureSample | null;
  /** Shape of the clips. */
  readonly shape: ClipShape;
  /** The extractor's fingerprint. */
  readonly fingerprint: string;
  /** Options that it was made with. */
  readonly options: CheckedEvaluationOptions;
  /** Why `real` is null although it was asked for. */
  readonly warnings: readonly string[];
}

/**
 * Scores generated clips against real ones.
 *
 * Clips are read once, in batches; only sums and the features of at most `keep` clips stay in
 * memory. The same clips, extractor and options give the same report.
 *
 * @param input - `generated` and `reference` clips; in place of a source of real clips, what {@link
 * sampleReference} made of one.
 * @throws MetricsError when there are too few clips, generated and real clips differ in shape, or
 * features are not finite. OptionsError when options are wrong.
 */
export async function evaluate(
  input: EvaluationContext & {
    readonly generated: ClipSource;
    readonly reference: ClipSource | ReferenceSample;
  },
): Promise<EvaluationReport> {
  const { extractor, data, onProgress, signal } = input;
  const options = check(input.options);
  const real = isSample(input.reference)
    ? input.reference
    : await sampleReference({ ...input, source: input.reference });
  checkReference(real, extractor, options);

  const generated = newSample('generated clips', extractor, options, 2);
  const reader = new ClipReader('generated clips', input.generated);
  try {
    await fill(generated, reader, options.count, 'generated', input, real.shape);
  } finally {
    await reader.close();
  }

  const families = scoreFamilies.filter((family) => family.applies(extractor));
  const total = families.reduce((sum, { scores }) => sum + scores.length, 0);
  const scores: Record<string, ReportedScore> = {};
  const warnings = [...real.warnings];
  for (const [at, family] of families.entries()) {
    await turn();
    signal?.throwIfAborted();
    const settings = () => ({ ...options, random: new Random(options.seed, 3, at) });
    const found = family.compute(generated, real.reference, settings());
    const ofReal = real.real && family.compute(real.real, real.reference, settings());
    const samples = family.of === 'all' ? generated.count : generated.kept.count;
    for (const { name, ...info } of family.scores) {
      scores[name] = { ...found[name], real: ofReal?.[name] ?? null, samples, ...info };
    }
    const warning = family.warn(generated, real.reference, settings());
    if (warning) warnings.push(warning);
    onProgress?.({ phase: 'scores', done: Object.keys(scores).length, total });
  }
  const [frames, height, width, channels] = real.shape;
  return {
    record: {
      data: data.name,
      split: data.split,
      count: options.count,
      referenceCount: options.referenceCount,
      keep: options.keep,
      frames,
      frameSize: [height, width],
      channels,
      resize: extractor.resize,
      extractor: extractor.name,
      extractorSha256: extractor.fingerprint,
      neighbors: options.neighbors,
      splits: options.splits,
      epsilon: options.epsilon,
      seed: options.seed,
    },
    scores,
    warnings,
  };
}

/**
 * Reads real clips once, for several evaluations: `referenceCount` clips to compare with and
 * `count` further ones.
 *
 * @throws as {@link evaluate} does.
 */
export async function sampleReference(
  input: EvaluationContext & { readonly source: ClipSource },
): Promise<ReferenceSample> {
  const { extractor } = input;
  const options = check(input.options);
  const reference = newSample('real clips', extractor, options, 0);
  const further = newSample('further real clips', extractor, options, 1);
  const reader = new ClipReader('real clips', input.source);
  const warnings: string[] = [];
  let real: FeatureSample | null = null;
  try {
    await fill(reference, reader, options.referenceCount, 'reference', input);
    if (options.real) {
      const missing = options.count - (await read(further, reader, options.count, 'real', input));
      if (missing === 0) real = further;
      else {
        warnings.push(
          `no scores of real clips: ${options.count} further ones are needed, ${missing} were missing`,
        );
      }
    }
  } finally {
    await reader.close();
  }
  const { fingerprint } = extractor;
  return { reference, real, shape: reader.shape!, fingerprint, options, warnings };
}

function check(input: EvaluationOptions = {}): CheckedEvaluationOptions {
  const options = parseOptions(evaluationOptions, input, 'evaluation');
  const referenceCount = options.referenceCount ?? options.count;
  const fewest = Math.min(options.count, referenceCount, options.keep);
  if (fewest <= options.neighbors) {
    throw new MetricsError(
      `too few clips: ${options.neighbors} nearest neighbors need at least ${options.neighbors + 1}, got ${fewest}`,
    );
  }
  return { ...options, referenceCount };
}

function newSample(
  subject: string,
  extractor: FeatureExtractor,
  { keep, epsilon, seed }: CheckedEvaluationOptions,
  stream: number,
): FeatureSample {
  return new FeatureSample(subject, extractor, { keep, epsilon, random: new Random(seed, stream) });
}

/** Lets signals, progress bars and pages have their turn, also where the work waits for nothing. */
const turn = () => new Promise((resolve) => setTimeout(resolve));

/** Reads clips into a sample; returns how many there were. */
async function read(
  sample: FeatureSample,
  reader: ClipReader,
  total: number,
  phase: EvaluationProgress['phase'],
  { extractor, onProgress, signal }: EvaluationContext,
  expected?: ClipShape,
): Promise<number> {
  return reader.take(total, async (clips) => {
    await turn();
    signal?.throwIfAborted();
    if (expected && String(reader.shape) !== String(expected)) {
      throw new MetricsError(
        `generated clips are [${reader.shape!.join(', ')}], real clips [${expected.join(', ')}]`,
      );
    }
    sample.add(await extractor.extract(clips), clips.shape[0]);
    onProgress?.({ phase, done: sample.count, total });
  });
}

async function fill(
  sample: FeatureSample,
  reader: ClipReader,
  total: number,
  phase: 'reference' | 'generated',
  context: EvaluationContext,
  expected?: ClipShape,
): Promise<void> {
  const taken = await read(sample, reader, total, phase, context, expected);
  if (taken === total) return;
  const kind = phase === 'reference' ? 'real' : phase;
  throw new MetricsError(`too few ${kind} clips: ${total} are needed, there are ${taken}`);
}

function isSample(reference: ClipSource | ReferenceSample): reference is ReferenceSample {
  return 'reference' in reference;
}

function checkReference(
  { fingerprint, options }: ReferenceSample,
  extractor: FeatureExtractor,
  wanted: CheckedEvaluationOptions,
): void {
  if (fingerprint !== extractor.fingerprint) {
    throw new MetricsError('the sample of real clips was made with another extractor');
  }
  for (const name of ['count', 'referenceCount', 'keep', 'real', 'seed', 'epsilon'] as const) {
    if (options[name] !== wanted[name]) {
      throw new MetricsError(
        `the sample of real clips was made with ${name} ${options[name]}, not ${wanted[name]}`,
      );
    }
  }
}
