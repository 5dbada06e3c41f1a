import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ffmpegVersion } from '@tgan/video-io';
import { expect, it } from 'vitest';
import { ClipLoader, movingMnist, packed, preparePacked, ucf101 } from './index.js';

const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
const found = await ffmpegVersion().then(
  () => true,
  () => false,
);

it('loads Moving MNIST as the README shows', async () => {
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

it.skipIf(!found && !process.env['REQUIRE_FFMPEG'])(
  'packs videos as the README shows',
  async () => {
    for (const line of [
      "const set = await ucf101('/data/ucf101', { split: 1, part: 'train' });",
      "const { unusable } = await preparePacked(set, 'ucf101.tgan');",
      'for (const { name, reason } of unusable) console.log(`${name}: ${reason}`);',
      "const source = await packed('ucf101.tgan', { augment: true });",
      'const loader = new ClipLoader(source, { batchSize: 32, worker: true });',
    ]) {
      expect(readme).toContain(line);
    }
    const folder = mkdtempSync(join(tmpdir(), 'tgan-readme-'));
    const names = Array.from({ length: 33 }, (_, i) => `Biking/v_Biking_g01_c${i + 1}.avi`);
    mkdirSync(join(folder, 'Biking'));
    const clip = join(folder, 'clip.avi');
    const picture = ['-f', 'lavfi', '-i', 'testsrc2=size=96x64:rate=25', '-frames:v', '17'];
    execFileSync('ffmpeg', ['-v', 'error', ...picture, '-c:v', 'mpeg4', clip]);
    for (const name of names.slice(0, 32)) copyFileSync(clip, join(folder, name));
    writeFileSync(join(folder, 'classInd.txt'), '1 Biking\n');
    writeFileSync(join(folder, 'trainlist01.txt'), names.map((name) => `${name} 1\n`).join(''));

    const set = await ucf101(folder, { split: 1, part: 'train' });
    const out = join(folder, 'ucf101.tgan');
    const { unusable } = await preparePacked(set, out);
    expect(unusable).toEqual([{ name: names[32], reason: 'there is no such file' }]);
    const source = await packed(out, { augment: true });
    const loader = new ClipLoader(source, { batchSize: 32, worker: true });
    for await (const { shape, labels } of loader) {
      expect(shape).toEqual([32, 16, 64, 64, 3]);
      expect([...labels!]).toEqual(new Array(32).fill(0));
      break;
    }
    await source.close!();
    rmSync(folder, { recursive: true });
  },
);
