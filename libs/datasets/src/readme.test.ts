import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { ClipLoader, movingMnist } from './index.js';

it('does what the README shows', async () => {
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
  for (const line of [
    'const source = movingMnist({ seed: 1 });',
    'const loader = new ClipLoader(source, { batchSize: 8, seed: 2 });',
    'for await (const { clips, shape, position } of loader) {',
  ]) {
    expect(readme).toContain(line);
  }
  const source = movingMnist({ seed: 1 });
  const loader = new ClipLoader(source, { batchSize: 8, seed: 2 });
  for await (const { clips, shape, position } of loader) {
    expect(shape).toEqual([8, 16, 64, 64, 1]);
    expect(position).toBe(1);
    expect(clips).toHaveLength(8 * 16 * 64 * 64);
    break;
  }
});
