// How the scores of Moving MNIST move when real clips are spoilt, as a table and as a picture.
//
//   npx nx run-many -t build -p @tgan/metrics @tgan/simd-backend
//   node tools/plot-reader.mjs --count 300
//
// Writes docs/images/moving-mnist-scores.svg. Clips show MNIST's test digits, which the reader was
// not trained on.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { mnistDigits, movingMnist } from '@tgan/datasets';
import { Random } from '@tgan/core';
import { registerSimdBackend } from '@tgan/simd-backend';
import * as tf from '@tensorflow/tfjs';
import {
  frechetDistance,
  Moments,
  readClips,
  scoreReadings,
  spoil,
  spoilings,
} from '../libs/metrics/dist/index.js';
import {
  loadMovingMnistExtractor,
  loadMovingMnistReader,
} from '../libs/metrics/dist/node/index.js';

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '300' },
    weights: { type: 'string' },
    out: { type: 'string', default: 'docs/images/moving-mnist-scores.svg' },
  },
});
const count = Number(values.count);
const sides = [32, 64];
const frames = 16;

await registerSimdBackend({ threads: 1 });
await tf.setBackend('simd');
const { reader } = await loadMovingMnistReader(values.weights);
const extractor = await loadMovingMnistExtractor(values.weights);
const digits = await mnistDigits('test');
const others = withOtherLabels(digits);

const rows = [];
for (const side of sides) {
  const reference = await judge('real', side, 1);
  for (const kind of spoilings) {
    const { scores, moments } = await judge(kind, side, 2);
    const distance = frechetDistance(moments.gaussian(), reference.moments.gaussian());
    rows.push({ side, kind, distance, ...scores });
    console.log(
      [
        `${side}x${side}`,
        kind.padEnd(12),
        `legibility ${scores.legibility.toFixed(3)}`,
        `identity ${scores.identity.toFixed(3)}`,
        `straight ${scores.straightOrBouncing.toFixed(3)}`,
        `followed ${scores.followed.toFixed(3)}`,
        `displacement ${scores.medianDisplacement.toFixed(3)}`,
        `Frechet distance ${distance.toFixed(2)}`,
      ].join('  '),
    );
  }
}
writeFileSync(values.out, picture(rows));

async function judge(kind, side, seed) {
  const random = new Random(seed, 1);
  const [clips, switched] = [digits, others].map((shown) =>
    movingMnist({ seed, imageSize: side, digits: 1, frames }, shown),
  );
  const gray = async (source, i) => ({
    frames,
    height: side,
    width: side,
    pixels: Float32Array.from(await source.read(i, random), (x) => x / 127.5 - 1),
  });
  const readings = [];
  const moments = new Moments(extractor.featureSize);
  for (let i = 0; i < count; i++) {
    const pixels = spoil(kind, await gray(clips, i), await gray(switched, i), random);
    const clip = tf.tensor5d(pixels, [1, frames, side, side, 1]);
    readings.push(...(await readClips(reader, clip)));
    moments.add((await extractor.extract(clip)).features);
    clip.dispose();
  }
  return { scores: scoreReadings(readings), moments };
}

/**
 * The same number of digits, but another one at each place: sorted by label and moved on by half of
 * them.
 */
function withOtherLabels({ count, size, pixels, labels }) {
  const byLabel = Array.from({ length: count }, (_, i) => i).sort((a, b) => labels[a] - labels[b]);
  const moved = new Uint8Array(pixels.length);
  byLabel.forEach((to, i) => {
    const from = byLabel[(i + count / 2) % count];
    moved.set(pixels.subarray(from * size * size, (from + 1) * size * size), to * size * size);
  });
  return { count, size, pixels: moved };
}

function picture(rows) {
  /** @type {[label: string, of: (row: any) => number, most: number][]} */
  const columns = [
    ['legibility', (row) => row.legibility, 1],
    ['identity kept', (row) => row.identity, 1],
    ['straight or bouncing', (row) => row.straightOrBouncing, 1],
    [
      'pixels per frame / real',
      (row) => row.medianDisplacement / realOf(row).medianDisplacement,
      1.2,
    ],
    ['Frechet distance, root', (row) => Math.sqrt(row.distance), rootMost()],
  ];
  const [left, top, wide, high, gap] = [96, 58, 128, 17, 14];
  const block = spoilings.length * high + 34;
  const width = left + columns.length * (wide + gap) + 8;
  const height = top + sides.length * block;
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="11">`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    `<text x="8" y="20" font-size="13" fill="#222">Real clips of Moving MNIST, spoilt: what the scores say of ${count} clips each</text>`,
  ];
  columns.forEach(([label], c) => {
    parts.push(`<text x="${left + c * (wide + gap)}" y="44" fill="#444">${label}</text>`);
  });
  rows.forEach((row, r) => {
    const block_ = Math.floor(r / spoilings.length);
    const y = top + block_ * block + (r % spoilings.length) * high + 16;
    if (r % spoilings.length === 0)
      parts.push(
        `<text x="8" y="${y - 4}" fill="#222" font-weight="bold">${row.side}x${row.side}</text>`,
      );
    parts.push(
      `<text x="${left - 6}" y="${y + 12}" text-anchor="end" fill="#222">${row.kind}</text>`,
    );
    columns.forEach(([, of, most], c) => {
      const value = of(row);
      const x = left + c * (wide + gap);
      const shown = Number.isFinite(value) ? value.toFixed(2) : 'none followed';
      const length = Number.isFinite(value) ? (Math.min(value, most) / most) * (wide - 34) : 0;
      const fill = row.kind === 'real' ? '#2a7' : '#47a';
      parts.push(
        `<rect x="${x}" y="${y + 3}" width="${length.toFixed(1)}" height="${high - 6}" fill="${fill}"/>`,
        `<text x="${(x + length + 4).toFixed(1)}" y="${y + 12}" font-size="10" fill="#444">${shown}</text>`,
      );
    });
  });
  return `${[...parts, '</svg>'].join('\n')}\n`;

  function realOf({ side }) {
    return rows.find((row) => row.side === side && row.kind === 'real');
  }
  function rootMost() {
    return Math.max(...rows.map(({ distance }) => Math.sqrt(distance)));
  }
}
