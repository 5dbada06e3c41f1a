import type { TensorInfo } from '@tensorflow/tfjs';
import type { SimdBackend } from '../backend.js';
import { chooseTiling } from './choose.js';
import * as patches from './columns.js';
import type { ConvGeometry } from './geometry.js';
import * as tiles from './winograd.js';

/** y = x * filter, a new tensor of the given shape. */
export function convolution(
  backend: SimdBackend,
  g: ConvGeometry,
  x: TensorInfo,
  filter: TensorInfo,
  shape: readonly number[],
): TensorInfo {
  const [from, w] = [backend.address(x), backend.address(filter)];
  const tiling = chooseTiling(g);
  if (tiling) {
    const u = backend.derived(filter, `U${tiling.kinds}`, tiling.filterBytes, (at) =>
      tiles.transformFilter(backend, tiling, w, at),
    );
    const y = backend.output(shape);
    tiles.forward(backend, tiling, from, u, backend.address(y));
    return y;
  }
  const panels = backend.derived(filter, 'panels', patches.filterPanelBytes(g), (at) =>
    patches.filterPanels(backend, g, w, at),
  );
  const y = backend.output(shape);
  patches.forward(backend, g, from, panels, backend.address(y));
  return y;
}

/** The adjoint of {@link convolution} in x. */
export function convolutionInputGradient(
  backend: SimdBackend,
  g: ConvGeometry,
  dy: TensorInfo,
  filter: TensorInfo,
  shape: readonly number[],
): TensorInfo {
  const [from, w] = [backend.address(dy), backend.address(filter)];
  const tiling = chooseTiling(g);
  if (tiling) {
    const u = backend.derived(filter, `U'${tiling.kinds}`, tiling.filterBytes, (at) =>
      tiles.transformFilterTransposed(backend, tiling, w, at),
    );
    const dx = backend.output(shape);
    tiles.inputGradient(backend, tiling, from, u, backend.address(dx));
    return dx;
  }
  const panels = backend.derived(filter, "panels'", patches.transposedPanelBytes(g), (at) =>
    patches.transposedPanels(backend, g, w, at),
  );
  const dx = backend.output(shape);
  patches.inputGradient(backend, g, from, panels, backend.address(dx));
  return dx;
}

/** The adjoint of {@link convolution} in the filter. */
export function convolutionFilterGradient(
  backend: SimdBackend,
  g: ConvGeometry,
  x: TensorInfo,
  dy: TensorInfo,
  shape: readonly number[],
): TensorInfo {
  const [from, at] = [backend.address(x), backend.address(dy)];
  const dw = backend.output(shape);
  const tiling = chooseTiling(g);
  if (tiling) tiles.filterGradient(backend, tiling, from, at, backend.address(dw));
  else patches.filterGradient(backend, g, from, at, backend.address(dw));
  return dw;
}
