import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { formatNpz, parseNpz } from './index.js';

it('does what the README shows', async () => {
  // README
  const clip = { type: 'u1', shape: [2, 3], data: Uint8Array.of(1, 2, 3, 4, 5, 6) } as const;
  const file = formatNpz([['clip', clip]]); // as numpy.savez writes it
  const { shape, data } = parseNpz(file).get('clip')!;
  // README
  expect({ shape, data }).toEqual({ shape: clip.shape, data: clip.data });

  const [source, readme] = await Promise.all(
    [import.meta.url, '../README.md'].map((file) =>
      readFile(new URL(file, import.meta.url), 'utf8'),
    ),
  );
  for (const line of source.split('// README')[1].split('\n')) {
    expect(readme).toContain(line.trim());
  }
});
