import { describe, expect, it } from 'vitest';
import { portableNames } from './weight-names.js';

describe('portableNames', () => {
  it('numbers layers without a name by class, in the order in which they were made', () => {
    const names = ['dense_Dense12/kernel', 'dense_Dense12/bias', 'dense_Dense9/kernel'];
    expect(portableNames(names)).toEqual([
      'dense_Dense2/kernel',
      'dense_Dense2/bias',
      'dense_Dense1/kernel',
    ]);
    expect(portableNames(['conv2d_transpose_Conv2DTranspose31/kernel'])).toEqual([
      'conv2d_transpose_Conv2DTranspose1/kernel',
    ]);
    expect(portableNames(['conv2d_Conv2D10/kernel', 'conv2d_Conv2D9/kernel'])).toEqual([
      'conv2d_Conv2D2/kernel',
      'conv2d_Conv2D1/kernel',
    ]);
    expect(portableNames(['sequential4/own_norm_OwnNorm7/gamma', 'model2/x'])).toEqual([
      'sequential1/own_norm_OwnNorm1/gamma',
      'model1/x',
    ]);
  });

  it('leaves the names that a user gave, and its own', () => {
    const given = ['conv7/kernel', 'frame_conv0/bias', 'bn3/moving_variance', 'Dense5/kernel'];
    expect(portableNames(given)).toEqual(given);
    const once = portableNames(['dense_Dense12/kernel', 'dense_Dense9/kernel']);
    expect(portableNames(once)).toEqual(once);
  });
});
