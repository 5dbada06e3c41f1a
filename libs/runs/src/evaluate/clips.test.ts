import { Random } from '@tgan/core';
import { movingMnist, type ClipSource } from '@tgan/datasets';
import { expectNoLeaks } from '@tgan/tensor-fixtures';
import { models } from '@tgan/video-gan';
import type * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { clipsAt, clipsMadeBy, clipsOf } from './clips.js';

/** Clips of one pixel, which is their number. */
const numbered = (size?: number): ClipSource => ({
  size,
  clip: { frames: 1, height: 1, width: 1, channels: 1 },
  read: (index) => Uint8Array.of(128 + index),
});

async function numbersOf(clips: AsyncIterable<tf.Tensor5D>): Promise<number[]> {
  const all: number[] = [];
  for await (const batch of clips) {
    all.push(...(await batch.data()).map((value) => Math.round(128 * value)));
    batch.dispose();
  }
  return all;
}

describe('clipsOf', () => {
  it('gives each clip of a source that ends once, in a drawn order', async () => {
    await expectNoLeaks(async () => {
      const all = await numbersOf(clipsOf(numbered(70), { seed: 1, count: 100 }));
      expect([...all].sort((a, b) => a - b)).toEqual(Array.from({ length: 70 }, (_, i) => i));
      expect(all).not.toEqual([...all].sort((a, b) => a - b));
      const fewer = await numbersOf(clipsOf(numbered(70), { seed: 1, count: 40 }));
      expect(fewer).toEqual(all.slice(0, 40));
      const some = await clipsAt(numbered(70), 1, [3, 60]);
      expect([...(await some.data())].map((value) => 128 * value)).toEqual([all[3], all[60]]);
      some.dispose();
    });
  });

  it('gives the first clips of an endless source, as the networks take them', async () => {
    const first = await numbersOf(clipsOf(numbered(), { seed: 9, count: 35 }));
    expect(first).toEqual(Array.from({ length: 35 }, (_, i) => i));
    const source = movingMnist({ frames: 2, imageSize: 32, digits: 1 });
    for await (const batch of clipsOf(source, { seed: 0, count: 2 })) {
      expect(batch.shape).toEqual([2, 2, 32, 32, 1]);
      const bytes = await source.read(1, new Random(0));
      const second = [...(await batch.data())].slice(bytes.length);
      expect(second).toEqual([...bytes].map((byte) => (byte - 128) / 128));
      batch.dispose();
    }
  });
});

describe('clipsMadeBy', () => {
  it('makes the same clips for the same seed, each label in turn', async () => {
    const sizes = { frames: 4, imageSize: 8, channels: 1, latentSize: 4, criticWidths: [2, 2] };
    const widths = { temporalWidths: [4, 4], imageWidths: [4, 2, 2] };
    const options = { ...sizes, ...widths, classes: 3 };
    const model = await models.create('tgan', options, { seed: 1 });
    const labels: number[] = [];
    const watched = Object.create(model, {
      generate: {
        value(latents: tf.Tensor2D, mode: { labels: tf.Tensor1D }) {
          labels.push(...mode.labels.dataSync());
          return model.generate(latents, mode);
        },
      },
    }) as typeof model;
    await expectNoLeaks(async () => {
      const made = async (count: number) => {
        const all: number[] = [];
        for (const batch of clipsMadeBy(watched, { seed: 5, count })) {
          all.push(...(await batch.data()));
          batch.dispose();
        }
        return all;
      };
      const few = await made(32);
      expect(few).toHaveLength(32 * 4 * 8 * 8);
      expect(labels).toEqual(Array.from({ length: 32 }, (_, i) => i % 3));
      labels.length = 0;
      const more = await made(40);
      expect(more.slice(0, few.length)).toEqual(few);
      expect(labels).toEqual(Array.from({ length: 40 }, (_, i) => i % 3));
    });
    model.dispose();
  });
});
