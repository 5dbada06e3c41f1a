// What TypeScript must know beside the kernels: sizes, the structures it writes and the
// operations it names. bindings.mjs copies them to src/kernel-bindings.ts.
export { BoxAxis } from './copy';
export { DEPTHWISE_CHANNELS } from './depthwise';
export { BinaryOperation } from './elementwise/binary';
export { Comparison } from './elementwise/compare';
export { LogicOperation } from './elementwise/logic';
export { UnaryOperation } from './elementwise/unary';
export { Geometry } from './geometry';
export { IM2COL_ROWS } from './im2col';
export {
  COLUMN_BLOCK,
  MAX_PAGES,
  PANEL_BYTES,
  ROW_BLOCK,
  SCRATCH_BASE,
  SCRATCH_BYTES,
  STATIC_BASE,
  TERM_BLOCK,
  TILE_BYTES,
} from './memory';
export { PANEL_COLUMNS } from './pack';
export { POOL_CHANNELS } from './pooling';
export { SUM_COLUMNS } from './reduce';
export { Between, RESIZE_CHANNELS } from './resize';
export { MAX_TAPS } from './taps';
export { outputs, phases, points } from './winograd/kinds';
export { Plan } from './winograd/plan';
