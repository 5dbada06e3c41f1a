import type { SimdBackend } from '../backend.js';
import { patchSize, withGeometry, type ConvGeometry } from './geometry.js';

/** Multiplications that are worth a task of their own. */
const TASK = 2 ** 17;

/** y = x * w where x is read as it lies; `panels` are the filter's. See `isDirect`. */
export function direct(
  backend: SimdBackend,
  g: ConvGeometry,
  x: number,
  panels: number,
  y: number,
): void {
  const lines = g.batch * g.ySize[0] * g.ySize[1];
  const perLine = g.ySize[2] * patchSize(g) * g.yChannels;
  const perTask = Math.max(1, Math.min(Math.ceil(lines / 16), Math.floor(TASK / perLine)));
  withGeometry(backend, g, (geometry) =>
    backend.run('direct', Math.ceil(lines / perTask), {
      g: geometry,
      x,
      panels,
      y,
      lines,
      perTask,
    }),
  );
}
