import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ffmpegVersion } from '@tgan/video-io';
import { afterEach, expect, it, vi } from 'vitest';
import { expectReadmeToShow } from '../../../tools/readme-example.js';
import { ClipLoader, movingMnist, packed, preparePacked, ucf101 } from './index.js';

const found = await ffmpegVersion().then(
  () => true,
  () => false,
);

afterEach(() => void vi.restoreAllMocks());

it('is the code of the README', () => expectReadmeToShow(import.meta.url));

it('loads Moving MNIST as the README shows', async () => {
  const log = vi.spyOn(console, 'log').mockImplementation(() => {});
  // README
  const source = movingMnist({ seed: 1 }); // endless clips of 16 frames of 64x64
  const loader = new ClipLoader(source, { batchSize: 8, seed: 2 });
  for await (const { clips, shape, position } of loader) {
    console.log(shape); // [8, 16, 64, 64, 1]: batch, time, height, width, channels
    console.log(position); // 1: the batches used so far; a new loader continues from here
    // README
    expect(clips).toHaveLength(8 * 16 * 64 * 64);
    break;
  }
  expect(log.mock.calls).toEqual([[[8, 16, 64, 64, 1]], [1]]);
});

it.skipIf(!found && !process.env['REQUIRE_FFMPEG'])(
  'packs videos as the README shows',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tgan-readme-'));
    const names = Array.from({ length: 33 }, (_, i) => `Biking/v_Biking_g01_c${i + 1}.avi`);
    mkdirSync(join(folder, 'ucf101/Biking'), { recursive: true });
    const clip = join(folder, 'clip.avi');
    const picture = ['-f', 'lavfi', '-i', 'testsrc2=size=96x64:rate=25', '-frames:v', '17'];
    execFileSync('ffmpeg', ['-v', 'error', ...picture, '-c:v', 'mpeg4', clip]);
    const inSet = (name: string) => join(folder, 'ucf101', name);
    for (const name of names.slice(0, 32)) copyFileSync(clip, inSet(name));
    writeFileSync(inSet('classInd.txt'), '1 Biking\n');
    writeFileSync(inSet('trainlist01.txt'), names.map((name) => `${name} 1\n`).join(''));
    const log = vi.spyOn(console, 'log').mockImplementation(() => {});
    const before = process.cwd();
    process.chdir(folder);
    // README
    const set = await ucf101('ucf101', { split: 1, part: 'train' });
    const { unusable } = await preparePacked(set, 'ucf101.tgan'); // the same call continues after a stop
    for (const { name, reason } of unusable) console.log(`${name}: ${reason}`);
    const source = await packed('ucf101.tgan', { augment: true });
    const loader = new ClipLoader(source, { batchSize: 32, worker: true });
    // README
    process.chdir(before);
    expect(log.mock.calls).toEqual([[`${names[32]}: there is no such file`]]);
    for await (const { shape, labels } of loader) {
      expect(shape).toEqual([32, 16, 64, 64, 3]);
      expect([...labels!]).toEqual(new Array(32).fill(0));
      break;
    }
    await source.close!();
    rmSync(folder, { recursive: true });
  },
);
