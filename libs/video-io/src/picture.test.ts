import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Film } from './clips.js';
import { decodeVideo, type DecodeOptions } from './decode.js';
import { encodeWebp } from './encode.js';
import { ffmpegVersion } from './ffmpeg.js';
import { checkStabilizer } from './stabilize.js';
import { decodeStrip } from './strip.js';

const runs = (check: Promise<unknown>) =>
  check.then(
    () => true,
    () => false,
  );
const [found, stabilizes] = [await runs(ffmpegVersion()), await runs(checkStabilizer())];
const withFfmpeg = found || process.env.REQUIRE_FFMPEG ? describe : describe.skip;

let folder: string;
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'tgan-picture-'))));
afterAll(() => rmSync(folder, { recursive: true }));

const inFolder = (name: string) => join(folder, name);
const ffmpeg = (...args: string[]) =>
  execFileSync('ffmpeg', ['-nostdin', '-v', 'error', '-y', ...args], { maxBuffer: 2 ** 30 });

async function decode(path: string, options: DecodeOptions) {
  const frames: Uint8Array[] = [];
  const complaints: string[] = [];
  for await (const frame of decodeVideo(path, options, (reason) => complaints.push(reason))) {
    frames.push(frame);
  }
  return { frames, complaints };
}

withFfmpeg('pixels that are not square', () => {
  /** A white circle on black that a viewer sees round, in pixels `aspect` times as wide as high. */
  function circle(name: string, aspect: number, sar: string, turned = false): string {
    const [height, width] = [144, Math.round(192 / aspect)];
    const data = Buffer.alloc(height * width);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const [dx, dy] = [(x + 0.5) * aspect - 96, y + 0.5 - 72];
        if (Math.hypot(dx, dy) < 50) data[y * width + x] = 255;
      }
    }
    writeFileSync(inFolder('circle.raw'), Buffer.concat([data, data, data]));
    const raw = ['-f', 'rawvideo', '-pix_fmt', 'gray', '-s', `${width}x${height}`, '-r', '25'];
    const filters = `setsar=${sar}${turned ? ',transpose=1' : ''}`;
    const coded = ['-vf', filters, '-c:v', 'libx264', '-qp', '4', '-pix_fmt', 'yuv444p'];
    ffmpeg(...raw, '-i', inFolder('circle.raw'), ...coded, inFolder(name));
    return inFolder(name);
  }

  /** How wide and how high what is bright is, in pixels. */
  function extent(frame: Uint8Array, width: number): [wide: number, high: number] {
    const [xs, ys] = [new Set<number>(), new Set<number>()];
    frame.forEach((shade, i) => {
      if (shade < 128) return;
      xs.add(i % width);
      ys.add(Math.floor(i / width));
    });
    return [xs.size, ys.size];
  }

  const gray = { height: 72, width: 72, channels: 1 } as const;

  it.each([
    ['square.mp4', 1, '1/1'],
    ['anamorphic.mp4', 2, '2/1'],
    ['pal.mp4', 64 / 45, '64/45'],
    ['high.mp4', 8 / 9, '8/9'],
    ['upright.mp4', 64 / 45, '64/45', true],
  ] as [string, number, string, boolean?][])(
    '%s: a circle stays round when the picture is cropped',
    async (name, ...form) => {
      const path = circle(name, ...form);
      const { frames } = await decode(path, { ...gray, fit: 'crop' });
      const [wide, high] = extent(frames[0], 72);
      expect(Math.abs(wide - 50)).toBeLessThanOrEqual(1);
      expect(Math.abs(high - 50)).toBeLessThanOrEqual(1);
      // Stretching is of the whole picture, whatever its pixels are.
      const stretched = extent((await decode(path, gray)).frames[0], 72);
      const expected = form[2] ? [50, 37.5] : [37.5, 50];
      stretched.forEach((n, i) => expect(Math.abs(n - expected[i])).toBeLessThanOrEqual(1.5));
    },
  );

  it.runIf(stabilizes)('stabilized video has square pixels before it is turned', async () => {
    // A turning camera: with pixels twice as wide, what it sees is not a turned picture.
    const scene =
      "mandelbrot=size=640x480:end_scale=0.01,select='eq(n,30)',loop=15:1,setpts=N/25/TB";
    const turn = "rotate='0.09*sin(n)':ow=320:oh=240";
    const cases = [
      ['turns.mp4', 'null'],
      ['wide-turns.mp4', 'scale=160:240,setsar=2'],
    ];
    const made = cases.map(([name, squeeze]) => {
      const filter = `${scene},${turn},${squeeze}`;
      const coded = ['-frames:v', '12', '-c:v', 'libx264', '-crf', '10', inFolder(name)];
      ffmpeg('-f', 'lavfi', '-i', filter, ...coded);
      return inFolder(name);
    });
    const options = { height: 120, width: 160, channels: 1, stabilize: true } as const;
    const [square, wide] = [await decode(made[0], options), await decode(made[1], options)];
    expect(wide.frames).toHaveLength(12);
    /** The mean change of a pixel from the first frame on, away from the edges. */
    const change = (frames: Uint8Array[]) => {
      let [sum, count] = [0, 0];
      for (const frame of frames.slice(1)) {
        for (let y = 30; y < 90; y++) {
          for (let x = 40; x < 120; x++, count++) {
            sum += Math.abs(frame[y * 160 + x] - frames[0][y * 160 + x]);
          }
        }
      }
      return sum / count;
    };
    expect(change(wide.frames)).toBeLessThan(change(square.frames) * 1.6 + 1);
  });

  it('bounds what a pixel of absurd shape would make', async () => {
    const path = circle('absurd.mp4', 1, '4000/1');
    const { frames } = await decode(path, { ...gray, fit: 'crop' });
    expect(frames).toHaveLength(3);
  });
});

withFfmpeg('high dynamic range', () => {
  const nits = [1, 5, 20, 50, 100, 203, 1000];

  /** The PQ code of a light, 0 .. 1 (SMPTE ST 2084). */
  function pq(light: number): number {
    const y = (light / 10_000) ** (2610 / 16_384);
    return ((3424 / 4096 + (2413 / 128) * y) / (1 + (2392 / 128) * y)) ** (2523 / 32);
  }

  /** Patches of gray, by code value from 0 to 1, in 10-bit video that says how its light is coded. */
  function patches(name: string, transfer: string, codes: readonly number[], size = 16): string {
    const width = size * codes.length;
    const frame = Buffer.alloc(2 * width * size * 1.5);
    for (let i = 0; i < width * size; i++) {
      frame.writeUInt16LE(Math.round(64 + 876 * codes[Math.floor((i % width) / size)]), 2 * i);
    }
    for (let i = width * size; i < width * size * 1.5; i++) frame.writeUInt16LE(512, 2 * i);
    writeFileSync(inFolder('patches.raw'), Buffer.concat([frame, frame]));
    const raw = ['-f', 'rawvideo', '-pix_fmt', 'yuv420p10le', '-s', `${width}x${size}`];
    const space = ['-color_primaries', 'bt2020', '-colorspace', 'bt2020nc', '-color_range', 'tv'];
    const coded = ['-c:v', 'libx264', '-qp', '0', '-color_trc', transfer, ...space];
    ffmpeg(...raw, '-i', inFolder('patches.raw'), ...coded, inFolder(name));
    return inFolder(name);
  }

  /** The middle of each patch. */
  async function shades(path: string, count: number, options: Partial<DecodeOptions> = {}) {
    const form = { height: 9, width: 9 * count, channels: 1, ...options } as const;
    const { frames, complaints } = await decode(path, form);
    const middle = frames[0].subarray(4 * 9 * count);
    return { shades: Array.from({ length: count }, (_, i) => middle[9 * i + 4]), complaints };
  }

  /** What a standard screen with a gamma of 2.4 shows of a light where 203 nits are white. */
  const standard = (light: number) => 255 * Math.min(light / 203, 1) ** (1 / 2.4);

  it('PQ comes out as a standard screen shows it', async () => {
    const path = patches('pq.mp4', 'smpte2084', nits.map(pq));
    for (const options of [{}, { fit: 'crop' }] as const) {
      const { shades: found, complaints } = await shades(path, nits.length, options);
      expect(complaints).toEqual([]);
      nits.forEach((light, i) => {
        // Bright tones make room for brighter ones.
        const allowed = light > 150 ? 14 : 4;
        expect(Math.abs(found[i] - standard(light)), `${light} nits: ${found[i]}`).toBeLessThan(
          allowed,
        );
      });
    }
  });

  it('HLG comes out with its white where white is', async () => {
    const path = patches('hlg.mp4', 'arib-std-b67', [0, 0.38, 0.75, 1]);
    const { shades: found } = await shades(path, 4);
    expect(found[0]).toBeLessThan(4);
    expect(found[1]).toBeGreaterThan(75);
    expect(Math.abs(found[2] - 248)).toBeLessThan(9);
    expect(found[3]).toBeGreaterThan(found[2]);
  });

  it('standard video stays as it is', async () => {
    const path = patches('sdr.mp4', 'bt709', [0, 0.5, 1]);
    const { shades: found } = await shades(path, 3);
    [0, 127.5, 255].forEach((shade, i) => expect(Math.abs(found[i] - shade)).toBeLessThan(2));
  });

  it.runIf(stabilizes)('is made standard before it is stabilized', async () => {
    const scene =
      'mandelbrot=size=160x120:end_scale=0.01,select=eq(n\\,30),loop=9:1,setpts=N/25/TB';
    const tags = [
      '-color_trc',
      'smpte2084',
      '-color_primaries',
      'bt2020',
      '-colorspace',
      'bt2020nc',
    ];
    const film = ['-pix_fmt', 'yuv420p10le', '-frames:v', '6', '-c:v', 'libx264', '-crf', '8'];
    ffmpeg('-f', 'lavfi', '-i', scene, ...film, ...tags, inFolder('still.mp4'));
    const gray = { height: 60, width: 80, channels: 1 } as const;
    const [moving, still] = [
      await decode(inFolder('still.mp4'), gray),
      await decode(inFolder('still.mp4'), { ...gray, stabilize: true }),
    ];
    const mean = (frame: Uint8Array) => frame.reduce((sum, x) => sum + x, 0) / frame.length;
    expect(Math.abs(mean(moving.frames[2]) - mean(still.frames[2]))).toBeLessThan(6);
  });

  describe('where ffmpeg cannot change tones', () => {
    afterEach(() => void vi.unstubAllEnvs());

    it.skipIf(process.platform === 'win32')('is marked', async () => {
      const path = patches('marked.mp4', 'smpte2084', nits.map(pq));
      // An ffmpeg that knows nothing of zscale.
      const poor = inFolder('poor-ffmpeg');
      const script =
        '#!/bin/sh\ncase "$*" in *filter=zscale*) echo "Unknown filter";; *) exec ffmpeg "$@";; esac\n';
      writeFileSync(poor, script, { mode: 0o755 });
      vi.stubEnv('FFMPEG_PATH', poor);
      const { shades: found, complaints } = await shades(path, nits.length);
      expect(complaints).toEqual([
        'high dynamic range (PQ) came out as if it were standard: this ffmpeg is built without zscale',
      ]);
      expect(Math.abs(found[3] - 255 * pq(50))).toBeLessThan(4);
    });
  });
});

withFfmpeg('transparent pixels', () => {
  // Left: opaque blue. Right: red that nobody should see.
  const picture =
    'color=red@0:size=32x32:rate=10:duration=0.3,format=rgba,geq=r=255*gte(X\\,16):g=0:b=255*lt(X\\,16):a=255*lt(X\\,16)';
  /** The colors of the middle of the left and the right half. */
  const halves = (frame: Uint8Array) =>
    [4 * 8 + 1, 4 * 8 + 6].map((i) => [...frame.subarray(3 * i, 3 * i + 3)]);

  it.each([
    ['vp9.webm', ['-c:v', 'libvpx-vp9', '-pix_fmt', 'yuva420p', '-lossless', '1']],
    [
      'vp8.webm',
      ['-c:v', 'libvpx', '-pix_fmt', 'yuva420p', '-auto-alt-ref', '0', '-crf', '4', '-b:v', '2M'],
    ],
    ['qtrle.mov', ['-c:v', 'qtrle', '-pix_fmt', 'argb']],
    ['png.mov', ['-c:v', 'png', '-pix_fmt', 'rgba']],
    ['prores.mov', ['-c:v', 'prores_ks', '-profile:v', '4444', '-pix_fmt', 'yuva444p10le']],
    ['ffv1.mkv', ['-c:v', 'ffv1', '-pix_fmt', 'bgra']],
    ['moving.apng', ['-c:v', 'apng', '-pix_fmt', 'rgba']],
    ['moving.gif', ['-vf', 'split[a][b];[a]palettegen[p];[b][p]paletteuse']],
  ])('%s shows the background through them', async (name, args) => {
    ffmpeg('-f', 'lavfi', '-i', picture, '-frames:v', '3', ...args, inFolder(name));
    for (const [background, color] of [
      [undefined, [255, 255, 255]],
      ['#00ff40', [0, 255, 64]],
    ] as const) {
      const { frames, complaints } = await decode(inFolder(name), {
        height: 8,
        width: 8,
        background,
      });
      expect(complaints).toEqual([]);
      expect(frames).toHaveLength(3);
      for (const frame of frames) {
        const [left, right] = halves(frame);
        [0, 0, 255].forEach((c, i) => expect(Math.abs(left[i] - c)).toBeLessThan(12));
        color.forEach((c, i) => expect(Math.abs(right[i] - c)).toBeLessThan(12));
      }
    }
  });

  it('a strip shows the background, too', async () => {
    const pixels = Buffer.alloc(4 * 8 * 16);
    for (let i = 0; i < 8 * 16; i++) pixels.set([255, 0, 0, i % 8 < 4 ? 255 : 0], 4 * i);
    const raw = { width: 8, height: 16, channels: 4 } as const;
    await sharp(pixels, { raw }).png().toFile(inFolder('strip.png'));
    const form = { height: 8, width: 8, background: '#0000ff' };
    for await (const frame of decodeStrip(inFolder('strip.png'), form)) {
      expect(halves(frame)).toEqual([
        [255, 0, 0],
        [0, 0, 255],
      ]);
    }
  });

  it('the background is a color', async () => {
    const attempt = decode('x.gif', { height: 8, width: 8, background: 'sky' });
    await expect(attempt).rejects.toThrow(
      /background: expected a color such as #ffffff, got "sky"/,
    );
  });
});

withFfmpeg('formats', () => {
  const [frames, height, width] = [6, 24, 40];
  const film: Film = {
    ...{ frames, height, width, channels: 3 },
    data: Uint8Array.from({ length: frames * height * width * 3 }, (_, i) => (i * i * 7 + i) & 255),
  };

  it('reads the animated WebP that it writes, to the pixel', async () => {
    writeFileSync(inFolder('film.webp'), await encodeWebp(film, { fps: 5 }));
    const before = readdirSync(tmpdir()).filter((name) => name.startsWith('tgan-webp-'));
    const { frames: seen, complaints } = await decode(inFolder('film.webp'), { height, width });
    expect(complaints).toEqual([]);
    expect(Buffer.concat(seen).equals(film.data)).toBe(true);
    // 6 frames of 200 ms.
    const even = await decode(inFolder('film.webp'), { height, width, fps: 10 });
    expect(Math.abs(even.frames.length - 11)).toBeLessThanOrEqual(1);
    const after = readdirSync(tmpdir()).filter((name) => name.startsWith('tgan-webp-'));
    expect(after).toEqual(before);
  });

  it('shows the background through a WebP, and refuses a damaged one by its own name', async () => {
    const pixels = Buffer.alloc(4 * 16 * 8);
    for (let i = 0; i < 16 * 8; i++) pixels.set([255, 0, 0, i % 8 < 4 ? 255 : 0], 4 * i);
    const raw = { width: 8, height: 16, channels: 4, pageHeight: 8 } as const;
    const bytes = await sharp(pixels, { raw }).webp({ lossless: true, exact: true }).toBuffer();
    writeFileSync(inFolder('clear.webp'), bytes);
    const { frames: seen } = await decode(inFolder('clear.webp'), {
      height: 8,
      width: 8,
      background: '#0000ff',
    });
    expect([...seen[0].subarray(0, 3), ...seen[0].subarray(-3)]).toEqual([255, 0, 0, 0, 0, 255]);
    writeFileSync(inFolder('cut.webp'), bytes.subarray(0, 30));
    const attempt = decode(inFolder('cut.webp'), { height: 8, width: 8 });
    await expect(attempt).rejects.toThrow(/cut.webp: /);
    await expect(attempt).rejects.not.toThrow(/tgan-webp/);
  });

  it.each([
    ['raw.mjpeg', ['-c:v', 'mjpeg', '-f', 'mjpeg']],
    ['raw.h264', ['-c:v', 'libx264', '-f', 'h264']],
  ])('reads %s, a stream without a container', async (name, args) => {
    ffmpeg(
      '-f',
      'lavfi',
      '-i',
      'testsrc2=size=64x48:rate=25',
      '-frames:v',
      '9',
      ...args,
      inFolder(name),
    );
    const { frames: seen } = await decode(inFolder(name), { height: 24, width: 32 });
    expect(seen).toHaveLength(9);
  });
});
