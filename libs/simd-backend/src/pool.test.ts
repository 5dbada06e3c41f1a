import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CLOSED, Control, CONTROL_WORDS, heapBase, PAGE_BYTES } from './layout.js';
import { Pool } from './pool.js';
import { compileKernels } from './wasm.js';

/** Workers that never come. */
const workers = vi.hoisted(() => ({
  inNode: true,
  ended: 0,
  startWorker: (setup: { thread: number }) => Promise.resolve(setup.thread).then(workers.handle),
  handle: (_thread: number) => ({ terminate: () => void workers.ended++ }),
}));
vi.mock('./worker.js', () => workers);

const THREADS = 3;
const [TASKS, BLOCK] = [8, 16];
const target = heapBase(THREADS);

const { module } = await compileKernels({});
let pool: Pool;
let control: Int32Array;
let values: Float32Array;

async function startPool(): Promise<Pool> {
  const memory = new WebAssembly.Memory({
    initial: target / PAGE_BYTES + 1,
    maximum: 65_536,
    shared: true,
  });
  pool = await Pool.start(module, memory, THREADS);
  control = new Int32Array(memory.buffer, 0, CONTROL_WORDS);
  values = new Float32Array(memory.buffer, target, TASKS * BLOCK);
  return pool;
}

const fill = (value: number) =>
  pool.run('fill', TASKS, { target, size: TASKS * BLOCK, block: BLOCK, value });

beforeEach(async () => void (await startPool()));

it('does all tasks and does not wait for workers that have not begun', () => {
  fill(7);
  expect(values.every((value) => value === 7)).toBe(true);
  expect(control[Control.gate]).toBe(-CLOSED);
});

it('waits for a worker that came while it ran', () => {
  const load = Atomics.load as (array: Int32Array, index: number) => number;
  const store = Atomics.store as (array: Int32Array, index: number, value: number) => number;
  // One comes as soon as the run is open, and goes when the caller has looked for it twice.
  const opening = (array: Int32Array, index: number, value: number) =>
    store(array, index, index === Control.gate ? 1 : value);
  let looks = 0;
  const looking = (array: Int32Array, index: number) => {
    if (index === Control.gate && ++looks === 3) Atomics.sub(control, Control.gate, 1);
    return load(array, index);
  };
  const spies = [
    vi.spyOn(Atomics, 'store').mockImplementation(opening as never),
    vi.spyOn(Atomics, 'load').mockImplementation(looking as never),
  ];
  fill(3);
  for (const spy of spies) spy.mockRestore();
  expect(looks).toBe(3);
  expect(control[Control.gate]).toBe(-CLOSED);
});

it('wakes only those that sleep', () => {
  fill(1);
  const notify = vi.spyOn(Atomics, 'notify');
  fill(2);
  expect(notify).not.toHaveBeenCalled();
  control[Control.asleep] = 1;
  fill(3);
  expect(notify.mock.calls).toEqual([[expect.anything(), Control.generation]]);
  notify.mockRestore();
});

it('tells the workers to end', () => {
  pool.stop();
  expect(control[Control.tasks]).toBe(-1);
});

describe('where a worker cannot start', () => {
  const { handle } = workers;
  beforeEach(() => {
    workers.ended = 0;
    workers.handle = (thread) => {
      if (thread === 2) throw new Error('refused');
      return handle(thread);
    };
  });
  afterEach(() => Object.assign(workers, { handle, inNode: true }));

  it('a page has one thread, and a warning that says what its policy lacks', async () => {
    workers.inNode = false;
    const warn = vi.spyOn(console, 'warn').mockReturnValue();
    expect((await startPool()).threads).toBe(1);
    expect(warn.mock.calls).toEqual([
      [expect.stringMatching(/on one thread \(Error: refused\).* worker-src blob:$/)],
    ]);
    expect(workers.ended).toBe(1);
    warn.mockRestore();
    fill(5);
    expect(values.every((value) => value === 5)).toBe(true);
  });

  it('Node says why', async () => {
    await expect(startPool()).rejects.toThrow('refused');
    expect(workers.ended).toBe(1);
  });
});
