import { describe, expect, it } from 'vitest';
import { Crew, timeAlone } from './crew.js';

describe('the time that one thread would take', () => {
  it('is that of its own tasks, for all of them', () => {
    expect(timeAlone(Float64Array.of(1, 2, 3), 9)).toBeCloseTo(18);
  });

  it('leaves out what interrupted a task', () => {
    expect(timeAlone(Float64Array.of(1, 1, 1, 50), 4)).toBeCloseTo(3 + 4.02);
  });

  it('is more than nothing where the clock does not tell tasks apart', () => {
    expect(timeAlone(Float64Array.of(0, 0, 0, 0.005), 8)).toBeCloseTo(0.01);
  });
});

/** A crew on a clock of its own. */
class Simulation {
  readonly crew: Crew;
  now = 0;

  constructor(size: number) {
    this.crew = new Crew(size);
  }

  /**
   * Runs kernels of 1 ms for a while.
   *
   * @param share - how long each takes with helpers, by their number, as a share of that.
   * @returns how many helpers each run had.
   */
  run(milliseconds: number, share: (helpers: number) => number): number[] {
    const called: number[] = [];
    for (const end = this.now + milliseconds; this.now < end;) {
      const helpers = this.crew.helpers(this.now);
      const together = helpers === 0 ? 1 : share(helpers);
      this.now += together;
      if (helpers > 0) this.crew.note(together, 1, this.now);
      called.push(helpers);
    }
    return called;
  }
}

const idle = (helpers: number) => 1 / (helpers + 1);
const pinned = () => 5;
/** Cores for this many threads. More threads than cores wait for each other. */
const cores = (count: number) => (helpers: number) => (helpers < count ? idle(helpers) : 1.2);

describe('a crew', () => {
  it('is whole from the start, and stays where there are idle cores', () => {
    expect(new Set(new Simulation(7).run(1000, idle))).toEqual(new Set([7]));
  });

  it('of nobody calls nobody', () => {
    expect(new Set(new Simulation(0).run(100, idle))).toEqual(new Set([0]));
  });

  it('goes where there are none: half of it at a time, then all', () => {
    const called = new Simulation(7).run(200, pinned);
    expect([...new Set(called)]).toEqual([7, 3, 1, 0]);
  });

  it('leaves the caller alone nearly all the time then, and less often tries again', () => {
    const simulation = new Simulation(7);
    simulation.run(200, pinned);
    const called = simulation.run(20_000, pinned);
    expect(called.filter((helpers) => helpers > 0).length / called.length).toBeLessThan(0.01);
    const trials = called.flatMap((helpers, i) => (helpers > 0 && called[i - 1] === 0 ? [i] : []));
    const gaps = trials.slice(1).map((at, i) => at - trials[i]);
    expect(gaps.at(-1)).toBeGreaterThan(gaps[0]);
  });

  it('comes back within seconds when cores are idle again', () => {
    const simulation = new Simulation(7);
    simulation.run(20_000, pinned);
    simulation.run(3000, idle);
    expect(new Set(simulation.run(1000, idle))).toEqual(new Set([7]));
  });

  it('settles at what the cores carry', () => {
    const simulation = new Simulation(7);
    simulation.run(5000, cores(2));
    const called = simulation.run(5000, cores(2));
    expect(called.filter((helpers) => helpers === 1).length / called.length).toBeGreaterThan(0.95);
  });

  it('does not judge by a run or two', () => {
    const crew = new Crew(1);
    for (let i = 0; i < 3; i++) crew.note(500, 1, 500 * i);
    expect(crew.helpers(1500)).toBe(1);
    crew.note(500, 1, 2000);
    expect(crew.helpers(2000)).toBe(0);
  });
});
