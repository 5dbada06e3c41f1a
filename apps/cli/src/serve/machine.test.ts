import { cpus } from 'node:os';
import { beforeEach, expect, it, vi } from 'vitest';
import { Machine } from './machine.js';

vi.mock('node:os', () => ({
  cpus: vi.fn(),
  freemem: () => 25,
  totalmem: () => 100,
}));

/** Sets what two cores have done since they began, in milliseconds. */
const work = (busy: number, idle: number) => {
  const times = { user: busy, nice: 0, sys: 0, idle, irq: 0 };
  vi.mocked(cpus).mockReturnValue([
    { model: '', speed: 0, times },
    { model: '', speed: 0, times: { ...times, user: 0, sys: busy } },
  ]);
};

let machine: Machine;
beforeEach(() => {
  work(1000, 3000);
  machine = new Machine();
});

it('tells the shares since the last look', () => {
  work(1300, 3100);
  expect(machine.use()).toEqual({ processors: 0.75, memory: 0.75 });
  work(1300, 3200);
  expect(machine.use().processors).toBe(0);
  work(1400, 3200);
  expect(machine.use().processors).toBe(1);
});

it('tells nothing of no time, and goes on from before it', () => {
  expect(machine.use().processors).toBe(0);
  work(1100, 3100);
  expect(machine.use().processors).toBe(0.5);
});
