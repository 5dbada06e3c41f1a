import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { VideoError } from './clips.js';
import { decodeVideo } from './decode.js';
import { checkStabilizer } from './stabilize.js';

const found = await checkStabilizer().then(
  () => true,
  () => false,
);
const withStabilizer = found || process.env.REQUIRE_FFMPEG ? describe : describe.skip;

const [width, height, frames] = [320, 240, 24];
/** The background is larger than what the camera sees of it, by so much on each side. */
const margin = 60;
const [wide, high] = [width + 2 * margin, height + 2 * margin];

let folder: string;
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'tgan-stabilize-'))));
afterAll(() => rmSync(folder, { recursive: true }));

/** Soft blobs of many sizes all over. */
function texture(seed: number): Float32Array {
  /** Numbers in 0 .. 1 that fill it evenly in no order that is seen (Roberts, 2018). */
  const spread = (n: number, step: number) => (seed * 0.37 + n * step) % 1;
  const shades = new Float32Array(wide * high).fill(120);
  for (let blob = 0; blob < 1200; blob++) {
    const [cx, cy] = [wide * spread(blob, 0.7548776662), high * spread(blob, 0.5698402909)];
    const r = 3 + 9 * spread(blob, 0.8191725134);
    const depth = 160 * spread(blob, 0.6710436067) - 80;
    for (let y = Math.max(0, Math.ceil(cy - r)); y < Math.min(high, cy + r); y++) {
      for (let x = Math.max(0, Math.ceil(cx - r)); x < Math.min(wide, cx + r); x++) {
        const near = 1 - ((x - cx) ** 2 + (y - cy) ** 2) / r ** 2;
        if (near > 0) shades[y * wide + x] += depth * near;
      }
    }
  }
  return shades;
}

/** Between the pixels of a picture. */
function sample(shades: ArrayLike<number>, stride: number, x: number, y: number): number {
  const [x0, y0] = [Math.floor(x), Math.floor(y)];
  const [fx, fy, at] = [x - x0, y - y0, y0 * stride + x0];
  const top = shades[at] * (1 - fx) + shades[at + 1] * fx;
  const below = shades[at + stride] * (1 - fx) + shades[at + stride + 1] * fx;
  return top * (1 - fy) + below * fy;
}

/**
 * Where the camera looks in frame `t`: pixels to the right and downward, and the angle. It starts
 * at rest.
 */
const shake = (t: number) => ({
  dx: 7 * Math.sin(0.9 * t) + 2 * Math.sin(2.3 * t),
  dy: 6 * Math.sin(0.7 * t) - 2 * Math.sin(1.9 * t),
  angle: 0.012 * Math.sin(0.5 * t),
});

/** Where the object is in frame `t`, on the background: it goes to the right. */
const objectAt = (t: number) => ({ x: margin + 60 + 6 * t, y: margin + 120 });

/** What a shaking camera sees of a background, on which a bright square may move; gray bytes. */
function film(background: (t: number) => Float32Array, withObject = true): Uint8Array {
  const data = new Uint8Array(frames * height * width);
  for (let t = 0; t < frames; t++) {
    const { dx, dy, angle } = shake(t);
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    const object = objectAt(t);
    const shades = background(t);
    for (let i = 0; i < height * width; i++) {
      const [u, v] = [(i % width) - width / 2, Math.floor(i / width) - height / 2];
      const x = cos * u - sin * v + width / 2 + margin + dx;
      const y = sin * u + cos * v + height / 2 + margin + dy;
      const inObject = Math.max(Math.abs(x - object.x), Math.abs(y - object.y)) < 10;
      const shade = withObject && inObject ? 255 : Math.min(sample(shades, wide, x, y), 180);
      data[t * height * width + i] = Math.max(0, Math.round(shade));
    }
  }
  return data;
}

async function encode(name: string, data: Uint8Array): Promise<string> {
  const path = join(folder, name);
  const raw = ['-f', 'rawvideo', '-pix_fmt', 'gray', '-s', `${width}x${height}`, '-r', '25'];
  const args = ['-v', 'error', ...raw, '-i', '-', '-c:v', 'libx264', '-crf', '14', path];
  const child = spawn('ffmpeg', args, { stdio: ['pipe', 'ignore', 'inherit'] });
  child.stdin.end(data);
  expect((await once(child, 'close'))[0]).toBe(0);
  return path;
}

async function decode(path: string, stabilize: boolean): Promise<Uint8Array[]> {
  const options = { height, width, channels: 1, stabilize } as const;
  const seen: Uint8Array[] = [];
  for await (const frame of decodeVideo(path, options)) seen.push(frame);
  return seen;
}

/**
 * How far a block of the first frame has moved in another one, in pixels (Lucas and Kanade, 1981).
 */
function moved(first: Uint8Array, other: Uint8Array, left: number, top: number): number {
  let [dx, dy] = [0, 0];
  for (let round = 0; round < 8; round++) {
    let [xx, xy, yy, ex, ey] = [0, 0, 0, 0, 0];
    for (let y = top; y < top + 40; y++) {
      for (let x = left; x < left + 40; x++) {
        const at = y * width + x;
        const gx = (first[at + 1] - first[at - 1]) / 2;
        const gy = (first[at + width] - first[at - width]) / 2;
        const error = first[at] - sample(other, width, x + dx, y + dy);
        xx += gx * gx;
        xy += gx * gy;
        yy += gy * gy;
        ex += gx * error;
        ey += gy * error;
      }
    }
    const determinant = xx * yy - xy * xy;
    dx = Math.max(-20, Math.min(20, dx + (yy * ex - xy * ey) / determinant));
    dy = Math.max(-20, Math.min(20, dy + (xx * ey - xy * ex) / determinant));
  }
  return Math.hypot(dx, dy);
}

/** The largest motion of blocks of the background, above and below the lane of the object. */
function backgroundMotion(seen: Uint8Array[]): number {
  let most = 0;
  for (const frame of seen.slice(1)) {
    for (const top of [30, 165]) {
      for (let left = 40; left <= 240; left += 100) {
        most = Math.max(most, moved(seen[0], frame, left, top));
      }
    }
  }
  return most;
}

/** The middle of the bright pixels. */
function objectIn(frame: Uint8Array): { x: number; y: number } {
  let [count, x, y] = [0, 0, 0];
  frame.forEach((shade, i) => {
    if (shade < 220) return;
    count++;
    x += i % width;
    y += Math.floor(i / width);
  });
  expect(count).toBeGreaterThan(200);
  return { x: x / count, y: y / count };
}

withStabilizer('stabilize', () => {
  it('holds the background still within a pixel, and lets what moves on it move', async () => {
    const background = texture(1);
    const path = await encode(
      'shaken.mp4',
      film(() => background),
    );
    const before = readdirSync(tmpdir()).filter((name) => name.startsWith('tgan-camera-'));
    const [shaken, still] = [await decode(path, false), await decode(path, true)];
    expect(still).toHaveLength(frames);
    expect(backgroundMotion(shaken)).toBeGreaterThan(8);
    expect(backgroundMotion(still)).toBeLessThan(1);
    still.forEach((frame, t) => {
      const { x, y } = objectIn(frame);
      expect(Math.abs(x + margin - objectAt(t).x)).toBeLessThan(1.5);
      expect(Math.abs(y + margin - objectAt(t).y)).toBeLessThan(1.5);
    });
    const again = Buffer.concat(await decode(path, true));
    expect(again.equals(Buffer.concat(still))).toBe(true);
    const after = readdirSync(tmpdir()).filter((name) => name.startsWith('tgan-camera-'));
    expect(after).toEqual(before);
  });

  it.each([
    ['odd.mp4', '97x63', ['-pix_fmt', 'yuv444p']],
    ['odd.gif', '161x121', []],
  ])('takes %s, %s', async (name, size, args) => {
    const still = `mandelbrot=size=${size}:end_scale=0.01,select=eq(n\\,30),loop=9:1,setpts=N/25/TB`;
    const path = join(folder, name);
    const input = ['-v', 'error', '-f', 'lavfi', '-i', still];
    execFileSync('ffmpeg', [...input, '-frames:v', '10', ...args, path]);
    expect(await decode(path, true)).toHaveLength(10);
  });

  it('refuses what it cannot hold still', async () => {
    const [one, other, plain] = [texture(1), texture(2), new Float32Array(wide * high).fill(120)];
    const cut = await encode(
      'cut.mp4',
      film((t) => (t < 15 ? one : other)),
    );
    const flat = await encode(
      'flat.mp4',
      film(() => plain),
    );
    await expect(decode(cut, true)).rejects.toThrow(VideoError);
    await expect(decode(cut, true)).rejects.toThrow(/cannot be stabilized: .* frame 16/);
    await expect(decode(flat, true)).rejects.toThrow(/frame 2 has only \d places to compare/);
    writeFileSync(join(folder, 'text.avi'), 'no video\n');
    await expect(decode(join(folder, 'text.avi'), true)).rejects.toThrow(/no frame could be decod/);
  });
});
