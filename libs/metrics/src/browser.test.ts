import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

/** What a source file and the files that it imports import from elsewhere. */
function importsOf(url: URL, seen = new Set<string>()): Set<string> {
  if (seen.has(url.href)) return new Set();
  seen.add(url.href);
  const source = readFileSync(url, 'utf8');
  const names = [...source.matchAll(/ from '([^']+)'|import\('([^']+)'\)/g)].map(
    ([, name, dynamic]) => name ?? dynamic,
  );
  const [own, others] = [true, false].map((wanted) =>
    names.filter((name) => name.startsWith('.') === wanted),
  );
  const nested = own.flatMap((name) => [
    ...importsOf(new URL(name.replace(/\.js$/, '.ts'), url), seen),
  ]);
  return new Set([...others, ...nested]);
}

it('the core needs nothing of Node', () => {
  const core = importsOf(new URL('index.ts', import.meta.url));
  expect([...core].sort()).toEqual([
    '@tensorflow/tfjs',
    '@tgan/core',
    '@tgan/svc-constraint/eigen',
    'zod',
  ]);
  const node = importsOf(new URL('node/index.ts', import.meta.url));
  expect(node).toContain('node:fs/promises');
});
