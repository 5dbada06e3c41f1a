import type { ClipSource } from '@tgan/datasets';
import {
  NearestClips,
  readClips,
  sampleReference,
  type ClipReading,
  type EvaluationContext,
  type MovingMnistReader,
  type NearestClip,
  type ReferenceSample,
} from '@tgan/metrics';
import * as tf from '@tensorflow/tfjs';
import { clipsOf } from './clips.js';
import type { JudgeData } from './judge-data.js';

/** Of how many clips near-duplicates and the nearest training clips are looked for. */
export const LOOKED_AT = 256;

/** How many training clips are searched for the nearest one. */
const SEARCHED = 2000;

/** Seed of the order in which real clips are read. */
export const REAL_SEED = 1;

/** What {@link readRealSide} is given beside what evaluations take. */
export interface RealSideInput extends EvaluationContext {
  readonly judge: JudgeData;
  /** Reads digits, where the clips are of Moving MNIST. */
  readonly reader?: MovingMnistReader;
}

/** What is known of real clips. It serves all runs that are compared. */
export interface RealSide {
  readonly reference: ReferenceSample;
  /** What the reader says of the further real clips; empty without a reader. */
  readonly readings: readonly ClipReading[];
  /** Of some further real clips the nearest other one. */
  readonly ofEachOther: readonly NearestClip[];
  /** Of the same clips the nearest training clip. */
  readonly ofTrained: readonly NearestClip[];
}

/** Reads real clips once: those to compare with, then as many further ones as are generated. */
export async function readRealSide(input: RealSideInput): Promise<RealSide> {
  const { judge, reader, options = {} } = input;
  const { count = 2048, referenceCount = count } = options;
  const tap = new Tap(reader, judge, referenceCount);
  const order = { seed: REAL_SEED, count: referenceCount + count };
  try {
    const reference = await sampleReference({
      ...input,
      source: tap.through(clipsOf(judge.judge, order)),
    });
    const others = await tap.nearest();
    const ofEachOther = others?.ofEachOther ?? [];
    const ofTrained = others && judge.moving ? await nearestTrained(others.clips, judge) : [];
    others?.clips.dispose();
    return { reference, readings: tap.readings, ofEachOther, ofTrained };
  } finally {
    tap.dispose();
  }
}

/**
 * Looks at clips on their way to an evaluation: reads their digits, and keeps some of them.
 */
export class Tap {
  /** What the reader said of the clips. */
  readonly readings: ClipReading[] = [];
  readonly #reader: MovingMnistReader | undefined;
  readonly #moving: JudgeData['moving'];
  readonly #skip: number;
  readonly #keep: number;
  #seen = 0;
  #kept: tf.Tensor5D[] = [];

  /**
   * @param skip - how many clips pass unseen.
   * @param keep - how many of the next ones are kept.
   */
  constructor(
    reader: MovingMnistReader | undefined,
    { moving }: JudgeData,
    skip = 0,
    keep = LOOKED_AT,
  ) {
    this.#reader = reader;
    this.#moving = moving;
    this.#skip = skip;
    this.#keep = keep;
  }

  /** Hands the batches on, which become the receiver's. */
  async *through(
    source: AsyncIterable<tf.Tensor5D> | Iterable<tf.Tensor5D>,
  ): AsyncGenerator<tf.Tensor5D, void, void> {
    for await (const clips of source) {
      await this.#look(clips);
      yield clips;
    }
  }

  /**
   * Of the clips that were kept the nearest other one.
   *
   * @returns the clips as well, the caller's to dispose of; undefined where fewer than two were
   * kept.
   */
  async nearest(): Promise<
    { readonly clips: tf.Tensor5D; readonly ofEachOther: readonly NearestClip[] } | undefined
  > {
    if (this.#kept.reduce((sum, { shape }) => sum + shape[0], 0) < 2) return undefined;
    const clips = tf.concat(this.#kept);
    const search = new NearestClips(clips);
    await search.add(clips, true);
    const ofEachOther = search.nearest;
    search.dispose();
    return { clips, ofEachOther };
  }

  /** Frees the clips that were kept. */
  dispose(): void {
    tf.dispose(this.#kept);
    this.#kept = [];
  }

  async #look(clips: tf.Tensor5D): Promise<void> {
    const from = Math.min(clips.shape[0], Math.max(0, this.#skip - this.#seen));
    const before = Math.max(0, this.#seen - this.#skip);
    this.#seen += clips.shape[0];
    if (from === clips.shape[0]) return;
    const seen = tf.slice(clips, from) as tf.Tensor5D;
    try {
      const room = Math.min(this.#keep - before, seen.shape[0]);
      if (room > 0) this.#kept.push(tf.slice(seen, 0, room) as tf.Tensor5D);
      if (!this.#reader || !this.#moving) return;
      const { digits, digitSize } = this.#moving;
      this.readings.push(...(await readClips(this.#reader, seen, digits, digitSize)));
    } finally {
      seen.dispose();
    }
  }
}

/** Of each clip the nearest one that the run was trained on, among the first ones. */
export async function nearestTrained(
  clips: tf.Tensor5D,
  { trained }: { readonly trained: ClipSource },
): Promise<readonly NearestClip[]> {
  const search = new NearestClips(clips);
  try {
    for await (const batch of clipsOf(trained, { seed: REAL_SEED, count: SEARCHED })) {
      await search.add(batch).finally(() => batch.dispose());
    }
    return search.nearest;
  } finally {
    search.dispose();
  }
}
