import { randomUUID } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expectClose, expectNoLeaks } from '@tgan/tensor-fixtures';
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadModel, ModelFileError, saveModel } from './model-files.js';
import { makeFolder, removeLeftovers, writeFileAtomic } from './write-file.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tgan-files-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('writeFileAtomic', () => {
  it('replaces a file and leaves nothing beside it', async () => {
    const path = join(folder, 'a.bin');
    await writeFileAtomic(path, Uint8Array.of(1, 2, 3));
    await writeFileAtomic(path, Uint8Array.of(4));
    expect([...(await readFile(path))]).toEqual([4]);
    expect(await readdir(folder)).toEqual(['a.bin']);
  });

  it('keeps the old file and removes the temporary one when it fails', async () => {
    const path = join(folder, 'a.bin');
    await writeFile(path, 'old');
    const hostile = { length: 1 } as unknown as Uint8Array;
    await expect(writeFileAtomic(path, hostile)).rejects.toThrow();
    expect(await readFile(path, 'utf8')).toBe('old');
    expect(await readdir(folder)).toEqual(['a.bin']);
  });
});

describe('removeLeftovers', () => {
  it('removes what killed writers left, and nothing else', async () => {
    const { pid: gone } = spawnSync(process.execPath, ['--version']);
    // In a container a process of another one has this pid, too.
    const ours = `.a.bin.${process.pid}-0.tmp`;
    const stay = ['a.bin', '.hidden', `a.${gone}-0.tmp`, '.b.tmp'];
    for (const name of [
      ...stay,
      ours,
      `.a.bin.${gone}-0.tmp`,
      `.d.${randomUUID()}.tmp`,
      `.b.${gone}-12.tmp`,
    ]) {
      await writeFile(join(folder, name), '');
    }
    await makeFolder(join(folder, 'deep', 'er'));
    await writeFile(join(folder, 'deep', 'er', `.c.${gone}-1.tmp`), '');
    await removeLeftovers(folder);
    expect(await readdir(join(folder, 'deep', 'er'))).toEqual([]);
    await rm(join(folder, 'deep'), { recursive: true });
    expect((await readdir(folder)).sort()).toEqual(stay.sort());
    await expect(removeLeftovers(join(folder, 'none'))).rejects.toThrow(/ENOENT/);
  });
});

describe('makeFolder', () => {
  it('makes all that is missing, and again nothing', async () => {
    const path = join(folder, 'a', 'b', 'c');
    await makeFolder(path);
    await makeFolder(path);
    expect(await readdir(join(folder, 'a', 'b'))).toEqual(['c']);
  });

  it('fails under a file, and in pseudo file systems', async () => {
    await writeFile(join(folder, 'file'), '');
    await expect(makeFolder(join(folder, 'file', 'b'))).rejects.toThrow(/ENOTDIR/);
    if (process.platform === 'linux') await expect(makeFolder('/proc/x/y')).rejects.toThrow();
  });
});

describe('saveModel and loadModel', () => {
  const network = () =>
    tf.sequential({
      layers: [
        tf.layers.dense({ inputShape: [3], units: 4, activation: 'tanh' }),
        tf.layers.dense({ units: 2 }),
      ],
    });

  it('bring a model back to the bit, and leak nothing', async () => {
    await expectNoLeaks(async () => {
      const model = network();
      await saveModel(model, join(folder, 'deep', 'model'));
      const loaded = await loadModel(join(folder, 'deep', 'model'));
      tf.tidy(() => {
        const x = tf.ones([2, 3]);
        expectClose(loaded.predict(x) as tf.Tensor, model.predict(x) as tf.Tensor, 0);
      });
      model.dispose();
      loaded.dispose();
    });
  });

  it('say which file is missing, cut short or no model', async () => {
    await expect(loadModel(folder)).rejects.toThrow(/cannot read .*model.json/);
    const model = network();
    await saveModel(model, folder);
    model.dispose();
    await truncate(join(folder, 'weights.bin'), 100);
    await expect(loadModel(folder)).rejects.toThrow(
      /weights.bin has 100 bytes where its model needs 104/,
    );
    await writeFile(join(folder, 'model.json'), '{"modelTopology":');
    await expect(loadModel(folder)).rejects.toThrow(ModelFileError);
    await expect(loadModel(folder)).rejects.toThrow(
      /model.json is not a TensorFlow.js layers model/,
    );
  });
});
