import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { nearest, OptionsError, parseOptions } from './index.js';
import { z } from 'zod';

it('does what the README shows', async () => {
  // README
  const schema = z.strictObject({
    frames: z.int().min(1).default(16),
    init: z.enum(['he', 'lecun']).default('he'),
  });
  const options = parseOptions(schema, { frames: 8 }, 'critic'); // { frames: 8, init: 'he' }

  let message = '';
  try {
    parseOptions(schema, { frame: 8, init: 'glorot' }, 'critic');
  } catch (error) {
    if (error instanceof OptionsError) message = error.message;
  }
  // critic: init: expected one of he, lecun, got "glorot"; unknown option "frame", did you mean "frames"?
  const meant = nearest('batchsize', ['batchSize', 'steps']); // 'batchSize'
  // README
  expect(options).toEqual({ frames: 8, init: 'he' });
  expect(message).toBe(
    'critic: init: expected one of he, lecun, got "glorot"; unknown option "frame", did you mean "frames"?',
  );
  expect(meant).toBe('batchSize');

  const [source, readme] = await Promise.all(
    [import.meta.url, '../README.md'].map((file) =>
      readFile(new URL(file, import.meta.url), 'utf8'),
    ),
  );
  for (const line of source.split('// README')[1].split('\n')) {
    expect(readme).toContain(line.trim());
  }
});
