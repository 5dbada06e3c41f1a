import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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
    [['golf', '.', '--stabilize'], /--stabilize is for a folder of videos/],
    [['golf', '.'], /golf needs --list/],
    [['ucf101-hdf5', 'x.h5'], /ucf101-hdf5 needs --list/],
    [['folder', '/nowhere'], /nowhere: cannot be read/],
  ])('dataset prepare %j gets one line', async (args, message) => {
    const { status, stderr } = await runTgan('dataset', 'prepare', ...args, '--out', inFolder('y'));
    expect(stderr).toMatch(message);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(status).toBeGreaterThan(0);
  });
});
