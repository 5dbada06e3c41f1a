import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fitPath, type PathPoint } from './path.js';

/** Centers of a digit that moves as Moving MNIST's do, in whole pixels. */
function path(side: number, start: { y: number; x: number }, angle: number, step = 0.1) {
  const room = side - 28;
  let { y, x } = start;
  let [dy, dx] = [step * Math.sin(angle), step * Math.cos(angle)];
  return Array.from({ length: 16 }, (_, t): PathPoint => {
    y += dy;
    x += dx;
    if (y <= 0 || y >= 1) dy = -dy;
    if (x <= 0 || x >= 1) dx = -dx;
    y = Math.min(Math.max(y, 0), 1);
    x = Math.min(Math.max(x, 0), 1);
    return { t, y: 13.5 + Math.trunc(room * y), x: 13.5 + Math.trunc(room * x) };
  });
}

const unit = fc.double({ min: 0.001, max: 0.999, noNaN: true });
const start = fc.record({ y: unit, x: unit });
const angle = fc.double({ min: 0, max: 2 * Math.PI, noNaN: true });

it('finds the speed of digits that go straight on and bounce', () => {
  fc.assert(
    fc.property(start, angle, fc.constantFrom(32, 48, 64, 128), (at, towards, side) => {
      const { speed, residual, explained } = fitPath(path(side, at, towards), side, side);
      const real = 0.1 * (side - 28);
      // Whole pixels blur slow motion.
      expect(Math.abs(speed - real)).toBeLessThan(0.06 * real + 0.15);
      expect(residual).toBeLessThan(0.65);
      expect(explained).toBeGreaterThan(side === 32 ? 0.6 : 0.97);
    }),
  );
});

it('takes frames that are missing for what they are', () => {
  const all = path(64, { y: 0.3, x: 0.6 }, 1);
  const some = all.filter(({ t }) => ![0, 3, 4, 9, 14].includes(t));
  expect(fitPath(some, 64, 64).speed).toBeCloseTo(fitPath(all, 64, 64).speed, 1);
});

it('finds no motion in what stands still, or trembles', () => {
  const still = Array.from({ length: 16 }, (_, t) => ({ t, y: 30, x: 22 }));
  expect(fitPath(still, 64, 64).speed).toBe(0);
  const trembling = still.map(({ t, y, x }) => ({ t, y: y + (t % 2), x: x - (t % 3) }));
  expect(fitPath(trembling, 64, 64).speed).toBeLessThan(0.2);
});

it('does not explain a circle, nor a turn where there is no wall', () => {
  const circle = Array.from({ length: 16 }, (_, t) => ({
    t,
    y: 31.5 + 12 * Math.sin(0.6 * t),
    x: 31.5 + 12 * Math.cos(0.6 * t),
  }));
  expect(fitPath(circle, 64, 64).residual).toBeGreaterThan(3);
  const back = Array.from({ length: 16 }, (_, t) => ({
    t,
    y: 20 + 2 * Math.min(t, 15 - t),
    x: 20 + Math.min(t, 15 - t),
  }));
  expect(fitPath(back, 64, 64).residual).toBeGreaterThan(2);
});

it('has nothing to explain on a canvas without room', () => {
  const points = Array.from({ length: 4 }, (_, t) => ({ t, y: 13.5, x: 13.5 }));
  expect(fitPath(points, 28, 28)).toEqual({ speed: 0, residual: 0, explained: 0 });
});
