// Makes the pictures of the site's home page, the card that other sites show with a link to it, and
// what the playground shows before its model is loaded.
// By hand, when the model in apps/docs/public/models has changed:
//
//   npx nx run-many -t build
//   node tools/site-pictures.mjs
import { fileURLToPath } from 'node:url';
import { Random, toPixels } from '@tgan/core';
import { openRun } from '@tgan/runs';
import * as tf from '@tensorflow/tfjs';
import sharp from 'sharp';

const docs = new URL('../apps/docs/', import.meta.url);
const file = (name) => fileURLToPath(new URL(`public/pictures/${name}`, docs));
const [count, columns, rows] = [20, 5, 4];

const { model } = await openRun(fileURLToPath(new URL('public/models/moving-mnist-tiny', docs)), {
  backend: 'simd',
});
const { frames, imageSize } = model.options;
const labels = Array.from({ length: count }, (_, i) => i % 10);
const videos = model.generate(model.latents(count, new Random(0)), {
  labels: tf.tensor1d(labels, 'int32'),
});
const moments = tf.split(videos, frames, 1).map((frame) => wall(frame, rows, columns));

// The playground begins with the first 16 of them.
const first = videos.slice([0, 0], [16, 1]);
const poster = fileURLToPath(new URL('public/models/moving-mnist-tiny/poster.png', docs));
await writeStill(wall(first, 4, 4), { width: 4 * imageSize, height: 4 * imageSize }, poster);

// Where less motion is asked for, and on the card: the middle of each video.
const still = moments[frames / 2];
const size = { width: columns * imageSize, height: rows * imageSize };
await writeStill(still, size, file('hero.png'));
await sharp(Buffer.concat(moments), {
  raw: { ...size, height: frames * size.height, pageHeight: size.height, channels: 1 },
})
  .webp({ lossless: true, effort: 6, loop: 0, delay: moments.map(() => 100) })
  .toFile(file('hero.webp'));
await sharp(Buffer.from(await card()))
  .removeAlpha()
  .png()
  .toFile(file('card.png'));

/** Gray pixels as a PNG file. */
async function writeStill(pixels, size, path) {
  const raw = { ...size, channels: 1 };
  await sharp(pixels, { raw }).toColorspace('b-w').png().toFile(path);
}

/** One frame of all videos, side by side in rows. */
function wall(frame, rows, columns) {
  const pixels = frame
    .reshape([rows, columns, imageSize, imageSize])
    .transpose([0, 2, 1, 3])
    .dataSync();
  return toPixels(pixels);
}

/** The card as SVG: what tgan is, beside its videos with gaps between them. */
async function card() {
  const enlarged = await sharp(still, { raw: { ...size, channels: 1 } })
    .resize(4 * size.width, 4 * size.height, { kernel: 'nearest' })
    .png()
    .toBuffer();
  const side = 4 * imageSize;
  const [left, top] = [496, 59];
  const gaps = [
    ...Array.from({ length: columns - 1 }, (_, i) => `M${(i + 1) * side} 0v${rows * side}`),
    ...Array.from({ length: rows - 1 }, (_, i) => `M0 ${(i + 1) * side}h${columns * side}`),
  ];
  return `<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="630">
    <rect width="1200" height="630" fill="#111114"/>
    <g fill="#fff" font-family="DejaVu Sans, sans-serif" font-size="34">
      <text x="64" y="220" font-size="92" font-weight="bold">tgan</text>
      <text x="64" y="330">Temporal GANs</text>
      <text x="64" y="380">for video,</text>
      <text x="64" y="430">in TypeScript</text>
    </g>
    <rect x="64" y="252" width="96" height="8" fill="#ff7a45"/>
    <g transform="translate(${left} ${top})">
      <image width="${4 * size.width}" height="${4 * size.height}"
        href="data:image/png;base64,${enlarged.toString('base64')}"/>
      <path d="${gaps.join('')}" stroke="#111114" stroke-width="8"/>
    </g>
  </svg>`;
}
