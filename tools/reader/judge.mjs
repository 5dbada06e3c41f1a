// How well a reader reads: MNIST's test digits on black canvases, and what only looks like digits.
import { Random } from '@tgan/core';
import * as tf from '@tensorflow/tfjs';
import { MovingMnistReader, namedFrom } from '../../libs/metrics/dist/index.js';
import { Examples } from './examples.mjs';

const size = 28;

/**
 * @param weights - bytes, as MovingMnistReader takes them.
 * @param digits - MNIST's test digits.
 * @param count - how many canvases of each kind.
 * @returns shares of the canvases; `position` is the root mean square error of one coordinate in
 * pixels.
 */
export async function judgeReader(weights, digits, count = 5000) {
  const reader = new MovingMnistReader(weights);
  const found = { namedFrom };
  for (const side of [32, 64]) found[`digits ${side}x${side}`] = await placed(side);
  for (const kind of ['digits', 'garbage']) found[`${kind} as in training`] = await drawn(kind);
  reader.dispose();
  return found;

  async function drawn(kind) {
    const examples = new Examples(digits, new Random(2));
    const side = 32;
    const canvases = Array.from({ length: count }, () => {
      const canvas = new Float32Array(side * side);
      const there = kind === 'digits' ? examples.one(canvas, side) : [];
      if (kind === 'garbage') examples.garbage(canvas, side);
      return examples.finish(canvas, side, there).canvas;
    });
    const seen = await read(reader, canvases, side);
    return { named: share(seen, (sighting) => sighting?.confidence >= namedFrom) };
  }

  async function placed(side) {
    const random = new Random(3);
    const truth = Array.from({ length: count }, (_, i) => ({
      digit: digits.labels[i],
      top: random.integer(side - size + 1),
      left: random.integer(side - size + 1),
    }));
    const canvases = truth.map(({ top, left }, i) => {
      const canvas = new Float32Array(side * side);
      for (let y = 0; y < size; y++) {
        for (let x = 0; x < size; x++) {
          const ink = digits.pixels[i * size * size + y * size + x] / 255;
          canvas[(top + y) * side + left + x] = ink;
        }
      }
      return canvas;
    });
    const seen = await read(reader, canvases, side);
    const squared = seen.flatMap((sighting, i) =>
      sighting
        ? [(sighting.y - truth[i].top - 13.5) ** 2, (sighting.x - truth[i].left - 13.5) ** 2]
        : [],
    );
    const named = (sighting) => sighting?.confidence >= namedFrom;
    return {
      accuracy: share(seen, (sighting, i) => sighting?.digit === truth[i].digit),
      named: share(seen, named),
      namedWrongly: share(seen, (s, i) => named(s) && s.digit !== truth[i].digit),
      position: Number(Math.sqrt(squared.reduce((a, b) => a + b, 0) / squared.length).toFixed(3)),
    };
  }
}

const share = (list, is) => Number((list.filter(is).length / list.length).toFixed(4));

/** The surest sighting in each canvas. */
async function read(reader, canvases, side) {
  const pixels = new Float32Array(canvases.length * side * side);
  canvases.forEach((canvas, i) =>
    pixels.set(
      canvas.map((ink) => 2 * ink - 1),
      i * side * side,
    ),
  );
  const frames = tf.tensor4d(pixels, [canvases.length, side, side, 1]);
  const seen = await reader.readFrames(frames);
  frames.dispose();
  return seen.map(([sighting]) => sighting);
}
