import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runTasks } from './worker-loop.js';

/** Where the shares begin. */
const shares = (tasks: number, threads: number) =>
  Int32Array.from({ length: threads }, (_, share) => Math.floor((share * tasks) / threads));

const counts = fc.tuple(fc.integer({ min: 0, max: 200 }), fc.integer({ min: 1, max: 64 }));

describe('the tasks of a run', () => {
  it('are all run once, whichever threads take part', () => {
    fc.assert(
      fc.property(counts, fc.infiniteStream(fc.nat()), ([tasks, threads], choices) => {
        const next = shares(tasks, threads);
        const done: number[] = [];
        // Each thread may begin in the middle of a task of another.
        const begin = (thread: number) =>
          runTasks(next, tasks, thread, threads, (task) => {
            done.push(task);
            const { value } = choices.next();
            if (value % 3 === 0 && done.length < tasks) begin(value % threads);
          });
        begin(0);
        expect(done.sort((a, b) => a - b)).toEqual(Array.from({ length: tasks }, (_, i) => i));
      }),
    );
  });

  it('begin with the share of the thread', () => {
    fc.assert(
      fc.property(counts, fc.nat(), ([tasks, threads], seed) => {
        const thread = seed % threads;
        const [start, end] = [thread, thread + 1].map((i) => Math.floor((i * tasks) / threads));
        const done: number[] = [];
        runTasks(shares(tasks, threads), tasks, thread, threads, (task) => done.push(task));
        expect(done.slice(0, end - start)).toEqual(
          Array.from({ length: end - start }, (_, i) => start + i),
        );
      }),
    );
  });
});
