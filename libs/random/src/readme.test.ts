import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { Random } from './index.js';

it('does what the README shows', async () => {
  // README
  const random = new Random(42);
  const z0 = random.uniform(100, -1, 1); // Float32Array(100) in [-1, 1)
  const saved = JSON.stringify(random.state);
  const next = random.integer(10); // 0 .. 9
  const again = Random.restore(JSON.parse(saved)).integer(10);
  // README
  expect(z0).toHaveLength(100);
  expect(again).toBe(next);

  const [source, readme] = await Promise.all(
    [import.meta.url, '../README.md'].map((file) =>
      readFile(new URL(file, import.meta.url), 'utf8'),
    ),
  );
  for (const line of source.split('// README')[1].split('\n')) {
    expect(readme).toContain(line.trim());
  }
});
