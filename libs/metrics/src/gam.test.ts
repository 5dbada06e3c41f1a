import { Random } from '@tgan/core';
import { describe, expect, it } from 'vitest';
import { type CriticScores, generativeAdversarialMetric } from './gam.js';

const uniform = (seed: number, low: number, high: number) =>
  new Random(seed).uniform(400, low, high);

/**
 * A critic that tells its own clips apart except near 0, and takes a share of the other run's clips
 * for real.
 */
function run(seed: number, deceived: number, missed = 0.1): CriticScores {
  return {
    ownReal: uniform(seed, 0, 1),
    ownGenerated: uniform(seed + 1, -1, 0),
    testReal: uniform(seed + 2, -missed / (1 - missed), 1),
    otherGenerated: uniform(seed + 3, -1, deceived / (1 - deceived)),
  };
}

const options = () => ({ replicates: 100, random: new Random(5) });

describe('the generative adversarial metric', () => {
  it("is above 1 where the second's critic takes more of the first's clips for real", () => {
    // The second's clips deceive the first critic in 10 % of cases, the first's the second in 30 %.
    const result = generativeAdversarialMetric(run(1, 0.1), run(11, 0.3), options());
    expect(result.sampleRatio!.value).toBeGreaterThan(2);
    expect(result.sampleRatio!.value).toBeLessThan(4.5);
    expect(result).toMatchObject({ winner: 'first' });
    const other = generativeAdversarialMetric(run(11, 0.3), run(1, 0.1), options());
    expect(other.sampleRatio!.value).toBeCloseTo(1 / result.sampleRatio!.value, 9);
    expect(other.testRatio!.value).toBeCloseTo(1 / result.testRatio!.value, 9);
    expect(other.winner).toBe('second');
  });

  it('does not depend on the scale and the zero of a critic', () => {
    const moved = (scores: CriticScores) =>
      Object.fromEntries(
        Object.entries(scores).map(([name, list]) => [
          name,
          Float64Array.from(list as Float32Array, (x) => 8 * x + 1024),
        ]),
      ) as unknown as CriticScores;
    const [a, b] = [run(1, 0.1), run(11, 0.3)];
    const expected = generativeAdversarialMetric(a, b, options());
    const result = generativeAdversarialMetric(moved(a), moved(b), options());
    expect(result.errors).toEqual(expected.errors);
    expect(result.sampleRatio).toEqual(expected.sampleRatio);
  });

  it('is undecided where critics are unlike, clips are alike, or there are no errors', () => {
    const unlike = generativeAdversarialMetric(run(1, 0.1, 0.4), run(11, 0.3), options());
    expect(unlike).toMatchObject({ winner: 'undecided' });
    expect(unlike.reason).toMatch(/test ratio is [3-5]\.\d\d, not near 1/);
    const alike = generativeAdversarialMetric(run(1, 0.2), run(11, 0.2), options());
    expect(alike).toMatchObject({
      winner: 'undecided',
      reason: expect.stringMatching(/does not differ/),
    });
    const perfect = { ...run(1, 0.1), otherGenerated: [-1, -1] };
    const none = generativeAdversarialMetric(perfect, run(11, 0.1), options());
    expect(none).toMatchObject({ winner: 'undecided', sampleRatio: null });
    expect(none.reason).toMatch(/makes no error/);
    const flawless = { ...run(11, 0.1), testReal: new Float32Array(400).fill(1) };
    expect(generativeAdversarialMetric(run(1, 0.1), flawless, options()).testRatio).toBeNull();
  });

  it('says which scores are wrong', () => {
    const good = run(1, 0.1);
    const check = (bad: Partial<CriticScores>, message: RegExp) =>
      expect(() => generativeAdversarialMetric(good, { ...good, ...bad }, options())).toThrow(
        message,
      );
    check({ ownReal: [] }, /^GAM: no scores in ownReal of the second run$/);
    check(
      { otherGenerated: [0, NaN] },
      /^GAM: score 1 in otherGenerated of the second run is NaN$/,
    );
    check({ testReal: [1, 2] }, /^GAM: the runs must judge the same test clips, got 400 and 2$/);
  });
});
