import { expect, it } from 'vitest';
import { newestOnly } from './newest.js';

it('does one task at a time, and of those that wait the newest alone', async () => {
  const run = newestOnly();
  const done: string[] = [];
  let finish = () => {};
  const first = run(async () => {
    done.push('first begins');
    await new Promise<void>((resolve) => (finish = resolve));
    done.push('first ends');
  });
  await Promise.resolve();
  const second = run(async () => void done.push('second'));
  const third = run(async () => void done.push('third'));
  finish();
  await Promise.all([first, second, third]);
  expect(done).toEqual(['first begins', 'first ends', 'third']);
});

it('tells a task that a newer one waits', async () => {
  const run = newestOnly();
  const seen: boolean[] = [];
  let second = Promise.resolve();
  await run(async (isNewest) => {
    seen.push(isNewest());
    second = run(async () => {});
    seen.push(isNewest());
  });
  await second;
  expect(seen).toEqual([true, false]);
});

it('goes on after a task that failed', async () => {
  const run = newestOnly();
  await expect(run(() => Promise.reject(new Error('lost')))).rejects.toThrow('lost');
  let done = false;
  await run(async () => void (done = true));
  expect(done).toBe(true);
});
