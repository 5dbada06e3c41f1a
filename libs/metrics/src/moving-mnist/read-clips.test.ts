import { registerSimdBackend } from '@tgan/simd-backend';
import { expectNoLeaks } from '@tgan/tensor-fixtures';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadMovingMnistReader } from '../node/index.js';
import { movingClips, spoiltClips, toTensor, type MovingClips } from '../testing/moving-clips.js';
import { judgeClip, readClips, scoreReadings, type ClipScores } from './read-clips.js';
import type { MovingMnistReader, Sighting } from './reader.js';
import { spoilings, type Spoiling } from './spoil.js';

const kind = { digits: 1, height: 64, width: 64 };
const frames = 16;

/** A digit that moves 2 pixels right and 1 down in each frame. */
const moving = (t: number, more: Partial<Sighting> = {}): Sighting => ({
  digit: 4,
  confidence: 0.95,
  presence: 0.97,
  y: 20 + t,
  x: 15 + 2 * t,
  ...more,
});
const clip = (frame: (t: number) => Sighting[]) =>
  Array.from({ length: frames }, (_, t) => frame(t));

describe('a clip', () => {
  it('that a person reads at once', () => {
    const reading = judgeClip(
      clip((t) => [moving(t)]),
      kind,
    );
    expect(reading).toMatchObject({ legible: 1, digits: [4], keepsIdentity: true });
    expect(reading.movesStraight).toBe(true);
    expect(reading.paths[0].speed).toBeCloseTo(Math.hypot(1, 2), 1);
  });

  it('whose digit is doubtful is not named, but followed', () => {
    const reading = judgeClip(
      clip((t) => [moving(t, { confidence: 0.5 })]),
      kind,
    );
    expect(reading).toMatchObject({ legible: 0, digits: [undefined], keepsIdentity: false });
    expect(reading.movesStraight).toBe(true);
  });

  it('whose digit changes does not keep its identity; one odd frame is forgiven', () => {
    const changed = (from: number) =>
      judgeClip(
        clip((t) => [moving(t, { digit: t >= from ? 9 : 4 })]),
        kind,
      ).keepsIdentity;
    expect([8, 13, 15].map(changed)).toEqual([false, false, true]);
  });

  it('with a digit too many is as illegible as one with none', () => {
    const other = moving(0, { y: 45, x: 45 });
    expect(
      judgeClip(
        clip((t) => [moving(t), other]),
        kind,
      ).legible,
    ).toBe(0);
    expect(
      judgeClip(
        clip((t) => [moving(t), other]),
        { ...kind, digits: 2 },
      ).legible,
    ).toBe(1);
    expect(
      judgeClip(
        clip((t) => [moving(t)]),
        { ...kind, digits: 2 },
      ).legible,
    ).toBe(0.5);
    expect(
      judgeClip(
        clip(() => []),
        kind,
      ),
    ).toMatchObject({ legible: 0, paths: [] });
  });

  it('that stands still, or jumps about, does not move straight', () => {
    const still = clip(() => [moving(0)]);
    const jumping = clip((t) => [moving((7 * t) % frames)]);
    for (const sightings of [still, jumping]) {
      expect(judgeClip(sightings, kind).movesStraight).toBe(false);
    }
  });
});

it('puts clips together', () => {
  const scores = scoreReadings([
    judgeClip(
      clip((t) => [moving(t)]),
      kind,
    ),
    judgeClip(
      clip((t) => [moving(t, { digit: 7 })]),
      kind,
    ),
    judgeClip(
      clip(() => []),
      kind,
    ),
    judgeClip(
      clip(() => [moving(0)]),
      kind,
    ),
  ]);
  expect(scores).toMatchObject({
    clips: 4,
    legibility: 0.75,
    identity: 0.75,
    followed: 0.75,
    straightOrBouncing: 0.5,
    classCounts: [0, 0, 0, 0, 2, 0, 0, 1, 0, 0],
  });
  expect(scores.classEntropy).toBeCloseTo(Math.log(3) - (2 / 3) * Math.log(2), 6);
  expect(scores.medianDisplacement).toBeCloseTo(Math.hypot(1, 2), 1);
});

describe('real clips and spoilt ones', () => {
  let reader: MovingMnistReader;

  beforeAll(async () => {
    await registerSimdBackend({ threads: 1 });
    await tf.setBackend('simd');
    ({ reader } = await loadMovingMnistReader());
  });

  async function scoresOf(what: Spoiling, options: MovingClips): Promise<ClipScores> {
    const clips = toTensor(await spoiltClips(what, options));
    const readings = await expectNoLeaks(() => readClips(reader, clips, options.digits));
    clips.dispose();
    return scoreReadings(readings);
  }

  it.each([
    { imageSize: 32, count: 30, room: 4 },
    { imageSize: 64, count: 12, room: 36 },
  ])('are told apart as a person would: $imageSize pixels', async ({ room, ...sizes }) => {
    const of = {} as Record<Spoiling, ClipScores>;
    for (const what of spoilings) of[what] = await scoresOf(what, { ...sizes, digits: 1, seed: 9 });
    const { real } = of;

    expect(real.legibility).toBeGreaterThan(0.75);
    expect(real.identity).toBeGreaterThan(0.75);
    expect(real.straightOrBouncing).toBeGreaterThan(0.75);
    expect(Math.abs(real.medianDisplacement / (0.1 * room) - 1)).toBeLessThan(0.1);
    expect(real.classCounts.filter((count) => count > 0).length).toBeGreaterThanOrEqual(6);
    expect(real.classEntropy).toBeGreaterThan(Math.log(5));

    // What has no bearing on a frame leaves it legible; what has does not.
    for (const what of ['reversed', 'shuffled'] as const) {
      expect(Math.abs(of[what].legibility - real.legibility)).toBeLessThan(0.05);
      expect(Math.abs(of[what].identity - real.identity)).toBeLessThan(0.1);
    }
    expect(of['half-missing'].legibility).toBeLessThan(0.35 * real.legibility);
    for (const what of ['blurred', 'noise'] as const) {
      expect(of[what].legibility).toBeLessThan(0.02);
      expect(of[what].followed).toBeLessThan(0.1);
    }
    expect(of.switched.legibility).toBeGreaterThan(0.7);
    expect(of.switched.identity).toBeLessThan(0.3 * real.identity);
    expect(of.switched.straightOrBouncing).toBeGreaterThan(0.75);

    const straight = ({ straightOrBouncing }: ClipScores) => straightOrBouncing;
    expect(straight(of.reversed)).toBeLessThan(0.6 * straight(real));
    for (const what of ['frozen', 'shuffled', 'noise'] as const) {
      expect(straight(of[what])).toBeLessThan(0.1);
    }
    expect(of.frozen.medianDisplacement).toBeLessThan(0.02 * room);
  });

  it('with two digits are read as well', async () => {
    const sizes = { imageSize: 64, digits: 2, count: 10, seed: 4 };
    const real = await scoresOf('real', sizes);
    // They hide one another for a part of the time.
    expect(real.legibility).toBeGreaterThan(0.45);
    expect(Math.abs(real.medianDisplacement / 3.6 - 1)).toBeLessThan(0.1);
    expect(real.straightOrBouncing).toBeGreaterThan(0.4);
    const frozen = await scoresOf('frozen', sizes);
    expect(frozen.straightOrBouncing).toBe(0);
  });

  it('give the same readings each time', async () => {
    const clips = toTensor(await movingClips({ imageSize: 32, digits: 1, count: 4, seed: 1 }));
    expect(await readClips(reader, clips)).toEqual(await readClips(reader, clips));
    clips.dispose();
  });

  it('must have frames', async () => {
    const none = tf.zeros([2, 0, 32, 32, 1]) as tf.Tensor5D;
    await expect(readClips(reader, none)).rejects.toThrow(
      'the clips have no frames: [2,0,32,32,1]',
    );
    none.dispose();
  });
});
