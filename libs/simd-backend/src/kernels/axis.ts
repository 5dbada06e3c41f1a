import { util } from '@tensorflow/tfjs';

/** A shape as an axis divides it. */
export interface AroundAxis {
  readonly axis: number;
  /** The product of the sizes before the axis. */
  readonly outer: number;
  readonly size: number;
  /** The product of the sizes after it. */
  readonly inner: number;
}

/** Divides a shape at an axis, which may count from the end; undefined where there is none. */
export function aroundAxis(shape: readonly number[], axis: number): AroundAxis | undefined {
  const at = axis < 0 ? axis + shape.length : axis;
  if (!Number.isInteger(at) || at < 0 || at >= shape.length) return undefined;
  return {
    axis: at,
    outer: util.sizeFromShape(shape.slice(0, at)),
    size: shape[at],
    inner: util.sizeFromShape(shape.slice(at + 1)),
  };
}
