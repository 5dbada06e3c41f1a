import { Random } from '@tgan/core';
import { expectClose, expectNoLeaks } from '@tgan/tensor-fixtures';
import * as tf from '@tensorflow/tfjs';
import { afterAll, describe, expect, it } from 'vitest';
import { DualCriticGan } from './dual-critic-gan.js';

const tiny = {
  ...{ latentSize: 4, imageSize: 16, channels: 1, classes: 3, temporalWidths: [6, 4], seed: 1 },
  ...{ imageWidths: [8, 4, 4], criticWidths: [2, 2], criticPooling: 4, frameCriticWidths: [3, 2] },
};

describe('a frame critic that names labels', () => {
  const gan = new DualCriticGan({ ...tiny, classifierWeight: 0.5 });
  afterAll(() => gan.dispose());
  const labels = [2, 0, 1, 2];
  const batch = () => ({
    clips: tf.tensor5d(new Random(1).uniform(4 * 16 ** 3, -1, 1), [4, 16, 16, 16, 1]),
    mode: { training: true, labels: tf.tensor1d(labels, 'int32') },
  });
  const scored = ({ clips, mode }: ReturnType<typeof batch>) => gan.scoreWithPenalty!(clips, mode);

  it('has the scores of other critics, and pays the cross entropy of its labels', async () => {
    await expectNoLeaks(() =>
      tf.tidy(() => {
        const given = batch();
        const { scores, penalty } = scored(given);
        expectClose(scores, gan.score(given.clips, given.mode), 1e-6);

        // What a label adds to the score of a frame, but for what is the same for all labels.
        const logits = [0, 1, 2].map((label) => {
          const mode = { training: true, labels: tf.fill([4], label, 'int32') as tf.Tensor1D };
          const [, ofFrames] = tf.split(gan.score(given.clips, mode), 2, 1);
          return [...ofFrames.dataSync()].map((score) => 10 * score);
        });
        const entropies = labels.map((label, i) => {
          const sum = logits.reduce((total, ofLabel) => total + Math.exp(ofLabel[i]), 0);
          return Math.log(sum) - logits[label][i];
        });
        const mean = entropies.reduce((total, entropy) => total + entropy) / labels.length;
        expectClose(penalty, [0.5 * mean], 1e-4);
      }),
    );
  });

  it('learns from clips, and teaches through them', () => {
    tf.tidy(() => {
      const given = batch();
      const paid = () => scored(given).penalty;
      const { grads } = tf.variableGrads(paid, gan.criticVariables);
      const taught = Object.keys(grads).filter((name) => grads[name]?.abs().max().dataSync()[0]);
      expect(taught.length).toBeGreaterThan(0);
      // The critic of clips and the score without label have no part in it.
      expect(taught.filter((name) => !/frame_(conv[01]|bn1|embedding)/.test(name))).toEqual([]);
      const through = tf.grad((clips: tf.Tensor) => scored({ ...given, clips } as never).penalty);
      expect(through(given.clips).abs().max().dataSync()[0]).toBeGreaterThan(0);
    });
  });

  it('frees all that it made', async () => {
    await expectNoLeaks(() => new DualCriticGan({ ...tiny, classifierWeight: 1 }).dispose());
  });

  it('is there only if asked for, and where there are labels', () => {
    for (const options of [{}, { classes: 0, classifierWeight: 1 }]) {
      const plain = new DualCriticGan({ ...tiny, ...options });
      expect(plain.scoreWithPenalty).toBeUndefined();
      plain.dispose();
    }
    expect(() => gan.scoreWithPenalty!(batch().clips)).toThrow('this model needs labels');
  });
});
