import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { extent, smooth, thin, type Points } from './points.js';

const curve = fc
  .array(fc.double({ noNaN: true, min: -1e9, max: 1e9 }), { maxLength: 400 })
  .map((values): Points => values.map((y, i) => [3 * i + 1, y]));
const ys = (points: Points) => points.map(([, y]) => y);

describe('smooth', () => {
  it('is the exponential moving average, as its sum says', () => {
    fc.assert(
      fc.property(curve, fc.double({ min: 0, max: 0.99, noNaN: true }), (points, amount) => {
        smooth(points, amount).forEach(([x, y], n) => {
          expect(x).toBe(points[n][0]);
          let [sum, weights] = [0, 0];
          for (let i = 0; i <= n; i++) {
            const weight = amount ** (n - i);
            sum += weight * points[i][1];
            weights += weight;
          }
          expect(Math.abs(y - sum / weights)).toBeLessThan(1e-6 * 1e9);
        });
      }),
      { numRuns: 30 },
    );
  });

  it('passes over what is no number', () => {
    const points: Points = [
      [1, 4],
      [2, NaN],
      [3, 4],
    ];
    expect(smooth(points, 0.9)[1][1]).toBeNaN();
    expect(smooth(points, 0.9)[2][1]).toBeCloseTo(4, 12);
  });
});

describe('thin', () => {
  it('keeps points of the curve, in order, its lowest and highest, and few', () => {
    fc.assert(
      fc.property(curve, fc.integer({ min: 1, max: 50 }), (points, columns) => {
        const thinned = thin(points, columns);
        expect(thinned.length).toBeLessThanOrEqual(2 * columns + 2);
        const places = thinned.map((point) => points.indexOf(point));
        expect(places).not.toContain(-1);
        expect(places).toEqual([...new Set(places)].sort((a, b) => a - b));
        expect(extent(ys(thinned))).toEqual(extent(ys(points)));
      }),
    );
  });

  it('keeps one spike in 100,000 steps, and a gap', () => {
    const points = Array.from({ length: 100_000 }, (_, i) => [i, i === 77_777 ? 9 : 0] as const);
    const gap = points.map(([x, y]) => [x, x > 40_000 && x < 60_000 ? NaN : y] as const);
    expect(ys(thin(points, 400))).toContain(9);
    expect(ys(thin(gap, 400)).filter(Number.isNaN).length).toBeGreaterThan(70);
  });
});

describe('extent', () => {
  it.each([
    [
      [3, NaN, -1, Infinity],
      [-1, 3],
    ],
    [[], [0, 1]],
    [[NaN], [0, 1]],
    [[4], [2, 6]],
    [
      [0, 0],
      [-1, 1],
    ],
  ])('of %j is %j', (values, range) => {
    expect(extent(values)).toEqual(range);
  });
});
