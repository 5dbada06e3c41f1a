import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { MetricsError } from '../errors.js';
import { loadMovingMnistExtractor, loadMovingMnistReader } from '../node/index.js';
import { namedFrom } from './read-clips.js';

const own = fileURLToPath(new URL('../../weights/', import.meta.url));
const files = ['moving-mnist-reader.bin', 'moving-mnist-reader.json'] as const;
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tgan-reader-'));
  for (const file of files) await copyFile(join(own, file), join(folder, file));
});

afterEach(() => rm(folder, { recursive: true }));

it('comes with the record of its training', async () => {
  const { reader, record } = await loadMovingMnistReader();
  reader.dispose();
  expect(record.command).toBe(
    `node tools/train-reader.mjs --steps ${record.steps} --seed ${record.seed}`,
  );
  expect(record.data['train-images-idx3-ubyte']).toMatch(/^[0-9a-f]{64}$/);
  expect(record.weights.bytes).toBeLessThan(500_000);
  // Judged with the threshold that is in use.
  expect(record.test['namedFrom']).toBe(namedFrom);
  expect(record.test['digits 32x32']).toMatchObject({ accuracy: expect.any(Number) as number });
});

it('has the fingerprint of its weights', async () => {
  const extractor = await loadMovingMnistExtractor();
  const copied = await loadMovingMnistExtractor(folder);
  expect(copied.fingerprint).toBe(extractor.fingerprint);
  extractor.dispose();
  copied.dispose();
});

it('refuses weights that are not those of the record', async () => {
  const path = join(folder, files[0]);
  const bytes = await readFile(path);
  bytes[1000] ^= 1;
  await writeFile(path, bytes);
  for (const load of [loadMovingMnistReader, loadMovingMnistExtractor]) {
    await expect(load(folder)).rejects.toThrow(
      new MetricsError(
        `${path} is damaged: its SHA-256 is not that of its record; install @tgan/metrics again`,
      ),
    );
  }
});

it.each(['{', '{}', '[]', 'null', '{"weights":{"sha256":3}}'])(
  'refuses a record that says %s',
  async (text) => {
    await writeFile(join(folder, files[1]), text);
    await expect(loadMovingMnistReader(folder)).rejects.toThrow(
      /json is no record of a reader's training; install @tgan\/metrics again$/,
    );
  },
);

it.each(files)('says when %s is missing', async (file) => {
  await rm(join(folder, file));
  await expect(loadMovingMnistReader(folder)).rejects.toThrow(
    new MetricsError(`${join(folder, file)} is not readable; install @tgan/metrics again`),
  );
});
