import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { movingMnist, preparePacked, videosOf } from '@tgan/datasets';
import { checkStabilizer } from '@tgan/video-io';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { runTgan } from './testing/run-tgan.js';
import { tinyRuns } from './testing/tiny-run.js';

const found = await checkStabilizer().then(
  () => true,
  () => false,
);
const withFfmpeg = found || process.env.REQUIRE_FFMPEG ? describe : describe.skip;

let folder: string;
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'tgan-dataset-'))));
afterAll(() => rmSync(folder, { recursive: true }));
const inFolder = (name: string) => join(folder, name);

withFfmpeg('tgan dataset prepare', () => {
  it('packs a folder, stabilized when told, and lists what was left out', async () => {
    mkdirSync(inFolder('videos'));
    const slide = "crop=160:120:'80+6*sin(n)':'60+4*cos(2*n)'";
    const still = `mandelbrot=size=320x240:end_scale=0.01,select=eq(n\\,30),loop=19:1,setpts=N/25/TB,${slide}`;
    const film = ['-frames:v', '20', inFolder('videos/slides.mp4')];
    execFileSync('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', still, ...film]);
    writeFileSync(inFolder('videos/text.avi'), 'no video\n');
    const prepare = (out: string, ...args: string[]) =>
      runTgan('dataset', 'prepare', 'folder', inFolder('videos'), '--out', inFolder(out), ...args);
    const shaking = await prepare('shaking.tgan');
    const { status, stdout, stderr } = await prepare('still.tgan', '--stabilize', '--json');
    expect([shaking.status, status]).toEqual([0, 0]);
    expect(stderr).toMatch(/left out: text.avi: no frame could be decoded/);
    expect(JSON.parse(stdout)).toMatchObject({ videos: 1, unusable: [{ name: 'text.avi' }] });

    /** The mean change of a pixel from one frame to the next. */
    const change = (name: string) => {
      const frames = readFileSync(inFolder(name)).subarray(16);
      const [bytes, count] = [64 * 64 * 3, 20];
      let sum = 0;
      for (let i = bytes; i < count * bytes; i++) sum += Math.abs(frames[i] - frames[i - bytes]);
      return sum / bytes / (count - 1);
    };
    expect(change('still.tgan')).toBeLessThan(change('shaking.tgan') / 4);
  });

  describe('a folder of classes', () => {
    const pack = (out: string, ...args: string[]) => {
      const size = ['--image-size', '8', '--min-frames', '4', '--out', inFolder(out)];
      return runTgan('dataset', 'prepare', 'folder', inFolder('pets'), ...size, ...args);
    };

    beforeAll(() => {
      const input = ['-v', 'error', '-f', 'lavfi', '-i', 'color=red:size=16x16:rate=10'];
      for (const name of ['cats/1', 'cats/2', 'dogs/3', 'dogs/loose']) {
        mkdirSync(inFolder(`pets/${name}/..`), { recursive: true });
        execFileSync('ffmpeg', [...input, '-frames:v', '5', inFolder(`pets/${name}.gif`)]);
      }
      writeFileSync(inFolder('pets/README.md'), 'not a video\n');
    });

    it('prints the classes of what was packed, with counts', async () => {
      const { status, stdout, stderr } = await pack('pets.tgan', '--channels', '1', '--json');
      expect(stderr).toContain('tgan: 2 classes: cats 2, dogs 2\n');
      expect(stderr).toMatch(/left out: README.md: /);
      expect(JSON.parse(stdout)).toMatchObject({ videos: 4, classes: { cats: 2, dogs: 2 } });
      expect(status).toBe(0);
      const info = await runTgan('dataset', 'info', inFolder('pets.tgan'), '--json');
      expect(JSON.parse(info.stdout)).toMatchObject({
        frame: { channels: 1 },
        provenance: { minFrames: 4 },
      });
      const unlabeled = await pack('unlabeled.tgan', '--unlabeled');
      expect(unlabeled.stderr).not.toMatch(/class/);
    });

    it('warns where the classes are the parts of a split', async () => {
      for (const part of ['train/cats', 'Test/cats', 'train/dogs']) {
        mkdirSync(inFolder(`split/${part}`), { recursive: true });
        copyFileSync(inFolder('pets/cats/1.gif'), inFolder(`split/${part}/1.gif`));
      }
      const size = ['--image-size', '8', '--min-frames', '4'];
      const packSplit = (folder: string) => {
        const out = ['--out', inFolder(`${folder.replace('/', '-')}.tgan`)];
        return runTgan('dataset', 'prepare', 'folder', inFolder(folder), ...size, ...out);
      };
      const both = await packSplit('split');
      expect(both.stderr).toContain(
        `2 classes: Test 1, train 2\ntgan: warning: the classes Test, train look like the parts of a split; to have the folders in them as classes, pack each by itself: tgan dataset prepare folder ${inFolder('split/Test')} --out FILE\n`,
      );
      const one = await packSplit('split/train');
      expect(one.stderr).toContain('2 classes: cats 1, dogs 1\n');
      expect(one.stderr).not.toContain('warning');
    });

    it('warns where labels say nothing or are missing', async () => {
      renameSync(inFolder('pets/dogs/loose.gif'), inFolder('pets/loose.gif'));
      const loose = await pack('loose.tgan');
      expect(loose.stderr).toMatch(
        /warning: no classes, because 1 of 4 videos are not in a sub-folder, such as loose.gif; --labeled/,
      );
      const labeled = await pack('labeled.tgan', '--labeled');
      expect(labeled.stderr).toContain('left out: loose.gif: it is in no sub-folder');
      expect(labeled.stderr).toContain('2 classes: cats 2, dogs 1');
      rmSync(inFolder('pets/dogs'), { recursive: true });
      const one = await pack('one-class.tgan', '--labeled');
      expect(one.stderr).toMatch(/1 classes: cats 2\ntgan: warning: all videos are of one class/);
    });
  });

  it('ends at Ctrl-C with the cursor back, and goes on at the next call', async () => {
    mkdirSync(inFolder('many'));
    const input = ['-v', 'error', '-f', 'lavfi', '-i', 'color=red:size=16x16:rate=10'];
    execFileSync('ffmpeg', [...input, '-frames:v', '20', inFolder('many/0.gif')]);
    for (let i = 1; i < 12; i++) copyFileSync(inFolder('many/0.gif'), inFolder(`many/${i}.gif`));
    const out = inFolder('many.tgan');
    const prepare = () => runTgan('dataset', 'prepare', 'folder', inFolder('many'), '--out', out);
    const { isTTY } = process.stderr;
    process.stderr.isTTY = true;
    const watch = setInterval(() => {
      if (existsSync(`${out}.journal`)) process.emit('SIGINT');
    }, 5);
    const stopped = await prepare().finally(() => {
      clearInterval(watch);
      process.stderr.isTTY = isTTY;
    });
    expect(process.exitCode).toBe(130);
    process.exitCode = 0;
    const last = (...codes: string[]) => codes.map((code) => stopped.stderr.lastIndexOf(code));
    const [hidden, shown, unwrapped, wrapped] = last(
      '\x1b[?25l',
      '\x1b[?25h',
      '\x1b[?7l',
      '\x1b[?7h',
    );
    expect(hidden).toBeGreaterThanOrEqual(0);
    expect(shown).toBeGreaterThan(hidden);
    expect(wrapped).toBeGreaterThan(unwrapped);
    expect(stopped.stderr).toContain('tgan: stopped; run the same command to continue\n');
    expect(existsSync(out)).toBe(false);
    expect(existsSync(`${out}.lock`)).toBe(false);
    const { stderr } = await prepare();
    expect(stderr).toContain('12 videos in');
  });
});

describe('without ffmpeg', () => {
  afterEach(() => void vi.unstubAllEnvs());

  it('says in one line how to get it, and Moving MNIST still trains', async () => {
    vi.stubEnv('FFMPEG_PATH', inFolder('no/ffmpeg'));
    const packing = ['dataset', 'prepare', 'folder', folder, '--out', inFolder('x.tgan')];
    const { status, stderr } = await runTgan(...packing);
    expect(stderr).toMatch(/^tgan: ffmpeg is needed for this .* apt-get install ffmpeg.*\n$/);
    expect(status).toBe(1);

    const { tiny, remove } = tinyRuns();
    const run = ['--steps', '2', '--backend', 'cpu', '--out', inFolder('run')];
    const trained = await runTgan('train', tiny, ...run);
    remove();
    expect(trained.stderr).toContain('tgan: done');
    expect(trained.status).toBe(0);
  });
});

describe('the data of a run', () => {
  it('of fewer clips than a batch are refused before there is a folder', async () => {
    const set = videosOf(movingMnist({ size: 3, frames: 5, imageSize: 32, digits: 1 }));
    await preparePacked(set, inFolder('few.tgan'), { minFrames: 1 });
    const { tiny, remove } = tinyRuns();
    const train = (size: number) => {
      const flags = ['--dataset', 'packed', '--data', inFolder('few.tgan'), '--steps', '1'];
      const batch = ['--batch-size', `${size}`, '--backend', 'cpu', '--out', inFolder('few')];
      return runTgan('train', tiny, ...flags, ...batch);
    };
    const { status, stderr } = await train(4);
    expect(stderr).toBe(
      'tgan: --batch-size 4: the data have 3 clips; set --batch-size 3 or less\n',
    );
    expect(status).toBe(2);
    expect(existsSync(inFolder('few'))).toBe(false);
    expect(await train(3)).toMatchObject({ status: 0 });
    remove();
  });

  it('are on record, and a run goes on with the same only, wherever they are', async () => {
    const pack = async (name: string, seed: number) => {
      const set = videosOf(movingMnist({ size: 6, frames: 5, imageSize: 32, digits: 1, seed }));
      return preparePacked(set, inFolder(name), { minFrames: 1 });
    };
    const { sha256 } = await pack('one.tgan', 1);
    await pack('other.tgan', 2);
    copyFileSync(inFolder('one.tgan'), inFolder('copy.tgan'));
    const { tiny, remove } = tinyRuns();
    const out = inFolder('packed-run');
    const flags = ['--backend', 'cpu', '--dataset', 'packed', '--data', inFolder('one.tgan')];
    const begun = await runTgan('train', tiny, ...flags, '--steps', '1', '--out', out);
    remove();
    expect(begun.status).toBe(0);
    const record = JSON.parse(readFileSync(join(out, 'data.json'), 'utf8'));
    expect(record).toMatchObject({ set: 'moving-mnist', seed: 1, packed: sha256, augment: false });

    const other = await runTgan('resume', out, '--steps', '2', '--data', inFolder('other.tgan'));
    expect(other.stderr).toMatch(
      /tgan: the data are not those that the run began with, see .*json/,
    );
    expect(other.status).toBe(2);
    const copy = await runTgan('resume', out, '--steps', '2', '--data', inFolder('copy.tgan'));
    expect(copy.stderr).toContain('tgan: done');
    expect(copy.status).toBe(0);
  });
});

describe('wrong input', () => {
  it.each([
    [['golf', '.', '--stabilize'], /--stabilize is only for the kind folder/],
    [['golf', '.', '--follow-links'], /--follow-links is only for the kind folder/],
    [['folder', '.', '--labeled', '--unlabeled'], /give --labeled or --unlabeled, not both/],
    [['golf', '.'], /golf needs --list/],
    [['moving-mnist', 'x.npy', '--channels', '3'], /Moving MNIST is gray/],
    [['ucf101-hdf5', 'x.h5'], /ucf101-hdf5 needs --list/],
    [['folder', '/nowhere'], /nowhere: cannot be read/],
  ])('dataset prepare %j gets one line', async (args, message) => {
    const { status, stderr } = await runTgan('dataset', 'prepare', ...args, '--out', inFolder('y'));
    expect(stderr).toMatch(message);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(status).toBeGreaterThan(0);
  });
});
