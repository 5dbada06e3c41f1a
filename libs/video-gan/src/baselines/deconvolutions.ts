import {
  BatchNorm,
  enableConv3dTransposeGradient,
  createKernelInitializer,
  type InitializerName,
} from '@tgan/gan-layers';
import { sizeOf, type Random } from '@tgan/core';
import * as tf from '@tensorflow/tfjs';

/** Batch norm and ReLU. */
export function normalized(x: tf.SymbolicTensor, name: string): tf.SymbolicTensor {
  return new BatchNorm({ name, leakyReluAlpha: 0 }).apply(x) as tf.SymbolicTensor;
}

/**
 * The options of a deconvolution. The usual one has kernel 4, stride 2 and no bias (batch norm
 * follows).
 */
export interface Deconvolution {
  /** Layer name. */
  readonly name: string;
  /** Feature maps it makes. */
  readonly filters: number;
  /** Taps of each axis of its input. */
  readonly kernelSize: number[];
  /** Default 2. The first layer, which spreads a single point, has 1. */
  readonly strides?: number;
  /** Whether it has a bias. Default false. */
  readonly useBias?: boolean;
}

/**
 * A 2-D or 3-D deconvolution, by the length of `kernelSize`. With stride 2 it doubles every axis;
 * with stride 1 it spreads a single point over its kernel.
 */
export function deconvolution(
  x: tf.SymbolicTensor,
  { kernelSize, strides = 2, useBias = false, ...named }: Deconvolution,
  initializer: InitializerName,
  random: Random,
): tf.SymbolicTensor {
  const taps = sizeOf(kernelSize);
  const args = {
    ...named,
    strides,
    useBias,
    padding: strides === 1 ? ('valid' as const) : ('same' as const),
    kernelInitializer: createKernelInitializer(initializer, named.filters * taps, random.seed()),
  };
  if (kernelSize.length === 2) {
    const layer = tf.layers.conv2dTranspose({
      ...args,
      kernelSize: kernelSize as [number, number],
    });
    return layer.apply(x) as tf.SymbolicTensor;
  }
  enableConv3dTransposeGradient();
  const layer = tf.layers.conv3dTranspose({
    ...args,
    kernelSize: kernelSize as [number, number, number],
  });
  return layer.apply(x) as tf.SymbolicTensor;
}
