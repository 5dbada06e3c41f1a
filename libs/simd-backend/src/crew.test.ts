import { describe, expect, it } from 'vitest';
import { Crew, workOf } from './crew.js';

describe('the work of a run', () => {
  it('is the time of the tasks that the caller did, for all of them', () => {
    expect(workOf(Float64Array.of(1, 2, 3), 9)).toBeCloseTo(18);
  });

  it('is without what interrupted a task', () => {
    expect(workOf(Float64Array.of(1, 1, 1, 50), 4)).toBeCloseTo(3 + 4.02);
  });

  it('is more than nothing where the clock does not tell tasks apart', () => {
    expect(workOf(Float64Array.of(0, 0, 0, 0.005), 8)).toBeCloseTo(0.01);
  });
});

/** How long a run takes that has 1 ms of work, by the number of helpers. */
type Machine = (helpers: number) => number;

const idle: Machine = (helpers) => 1 / (helpers + 1);
/** One core for all threads. */
const pinned: Machine = (helpers) => (helpers > 0 ? 5 : 1);
/** Cores for this many threads. More threads than cores wait for each other. */
const cores =
  (count: number): Machine =>
  (helpers) =>
    helpers < count ? idle(helpers) : 1.2;
/** Other programs take most of the time, but leave more to two threads than to one. */
const busy: Machine = (helpers) => (helpers > 0 ? 3 : 4);

/** A crew on a clock of its own. */
class Simulation {
  readonly crew: Crew;
  now = 0;

  constructor(size: number) {
    this.crew = new Crew(size);
  }

  /** Works for a while; returns how many helpers each run had. */
  run(milliseconds: number, machine: Machine): number[] {
    const called: number[] = [];
    for (const end = this.now + milliseconds; this.now < end;) {
      const helpers = this.crew.helpers(this.now);
      const time = machine(helpers);
      this.now += time;
      this.crew.note(time, 1, this.now);
      called.push(helpers);
    }
    return called;
  }
}

const shareOf = (called: readonly number[], is: (helpers: number) => boolean) =>
  called.filter(is).length / called.length;

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

  it('leaves the caller alone nearly all the time then, and tries again less and less', () => {
    const simulation = new Simulation(7);
    simulation.run(200, pinned);
    const called = simulation.run(20_000, pinned);
    expect(shareOf(called, (helpers) => helpers > 0)).toBeLessThan(0.01);
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
    expect(shareOf(called, (helpers) => helpers === 1)).toBeGreaterThan(0.95);
  });

  it('stays on a busy machine that leaves more to two threads than to one', () => {
    const simulation = new Simulation(1);
    simulation.run(2000, busy);
    expect(shareOf(simulation.run(20_000, busy), (helpers) => helpers === 1)).toBeGreaterThan(0.9);
    // And knows the difference when it has to itself a single core.
    simulation.run(10_000, pinned);
    const called = simulation.run(20_000, pinned);
    expect(shareOf(called, (helpers) => helpers === 0)).toBeGreaterThan(0.98);
  });

  it('does not judge by a run or two', () => {
    const crew = new Crew(1);
    for (let i = 0; i < 3; i++) crew.note(500, 1, 500 * i);
    expect(crew.helpers(1500)).toBe(1);
    crew.note(500, 1, 2000);
    expect(crew.helpers(2000)).toBe(0);
  });
});
