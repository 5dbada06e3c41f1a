import type { TensorInfo } from '@tensorflow/tfjs';
import type { SimdBackend } from '../backend.js';
import { chooseTiling, isDirect } from './choose.js';
import * as patches from './columns.js';
import { fill } from '../copy.js';
import { direct } from './direct.js';
import { patchSize, trimmed, type ConvGeometry } from './geometry.js';
import * as tiles from './winograd.js';

/** y = x * filter, a new tensor of the given shape. */
export function convolution(
  backend: SimdBackend,
  geometry: ConvGeometry,
  x: TensorInfo,
  filter: TensorInfo,
  shape: readonly number[],
): TensorInfo {
  const { g, skipped } = trimmed(geometry);
  const [from, w] = [backend.address(x), backend.address(filter) + skipped * 4];
  const tiling = chooseTiling(g);
  if (tiling) {
    const u = transformedFilter(backend, tiling, filter, w, skipped);
    const y = backend.output(shape);
    tiles.forward(backend, tiling, from, u, backend.address(y));
    return y;
  }
  const panels = backend.derived(
    filter,
    `panels ${g.kernel} ${skipped}`,
    patches.filterPanelBytes(g),
    (at) => patches.filterPanels(backend, g, w, at),
  );
  const y = backend.output(shape);
  const forward = isDirect(g, backend.wide) ? direct : patches.forward;
  forward(backend, g, from, panels, backend.address(y));
  return y;
}

/** U of a filter whose used taps begin at `w`, after `skipped` floats. */
function transformedFilter(
  backend: SimdBackend,
  tiling: tiles.Tiling,
  filter: TensorInfo,
  w: number,
  skipped: number,
): number {
  return backend.derived(filter, `U${tiling.kinds} ${skipped}`, tiling.filterBytes, (at) =>
    tiles.transformFilter(backend, tiling, w, at),
  );
}

/** The adjoint of {@link convolution} in x. */
export function convolutionInputGradient(
  backend: SimdBackend,
  geometry: ConvGeometry,
  dy: TensorInfo,
  filter: TensorInfo,
  shape: readonly number[],
): TensorInfo {
  const { g, skipped } = trimmed(geometry);
  const [from, w] = [backend.address(dy), backend.address(filter) + skipped * 4];
  const tiling = chooseTiling(g);
  if (tiling) {
    const u = transformedFilter(backend, tiling, filter, w, skipped);
    const dx = backend.output(shape);
    tiles.inputGradient(backend, tiling, from, u, backend.address(dx));
    return dx;
  }
  const panels = backend.derived(
    filter,
    `panels' ${g.kernel} ${skipped}`,
    patches.transposedPanelBytes(g),
    (at) => patches.transposedPanels(backend, g, w, at),
  );
  const dx = backend.output(shape);
  patches.inputGradient(backend, g, from, panels, backend.address(dx));
  return dx;
}

/** The adjoint of {@link convolution} in the filter. */
export function convolutionFilterGradient(
  backend: SimdBackend,
  geometry: ConvGeometry,
  x: TensorInfo,
  dy: TensorInfo,
  shape: readonly number[],
): TensorInfo {
  const { g, skipped } = trimmed(geometry);
  const [from, at] = [backend.address(x), backend.address(dy)];
  const dw = backend.output(shape);
  const all = patchSize(geometry) * g.yChannels;
  const used = patchSize(g) * g.yChannels;
  const to = backend.address(dw);
  if (used < all) {
    fill(backend, to, skipped, 0);
    fill(backend, to + (skipped + used) * 4, all - used - skipped, 0);
  }
  const tiling = chooseTiling(g);
  if (tiling) tiles.filterGradient(backend, tiling, from, at, to + skipped * 4);
  else patches.filterGradient(backend, g, from, at, to + skipped * 4);
  return dw;
}
