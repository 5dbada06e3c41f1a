import {
  DEPTHWISE_CHANNELS,
  IM2COL_ROWS,
  PANEL_COLUMNS,
  RESIZE_CHANNELS,
  SUM_COLUMNS,
  type KernelArguments,
  type KernelName,
} from './kernel-bindings.js';

/**
 * Numbers that one thread moves in about the time that it takes to wake another and to wait for it:
 * 5 to 10 microseconds while both look for work, more when the other sleeps.
 */
const FEW = 32_768;
/** Multiplications and additions that take as long as moving one number. */
const PRODUCTS = 16;

/**
 * Numbers that a task moves, for kernels whose tasks may be tiny. Tasks of the others move
 * thousands.
 */
const numbersOf: { [K in KernelName]?: (args: KernelArguments[K]) => number } = {
  batchNormApply: (args) => args.rowsPerTask * args.channels,
  batchNormGradient: (args) => args.rowsPerTask * args.channels,
  batchNormGradientSums: (args) => args.rowsPerTask * args.channels,
  batchNormSums: (args) => args.rowsPerTask * args.channels,
  copyBox: (args) => Math.min(args.rowsPerTask, args.rows) * args.columns,
  cumulativeSum: (args) => args.size * Math.min(args.inner, SUM_COLUMNS),
  depthwiseFilterGradient: ({ positions, perSlice }) =>
    Math.min(positions, perSlice) * DEPTHWISE_CHANNELS,
  gemm: ({ m, n, k, mb, nb }) => (Math.min(m, mb) * Math.min(n, nb) * k) / PRODUCTS,
  im2col: (args) => (IM2COL_ROWS * args.rowBytes) / 4,
  maxColumns: (args) => args.rowsPerTask * args.length,
  mirrorUpper: (args) => args.size,
  packPanels: (args) => PANEL_COLUMNS * args.k,
  resize: (args) => args.yw * args.channels,
  resizeGradient: (args) => args.yh * args.yw * Math.min(args.channels, RESIZE_CHANNELS),
  segmentSum: (args) => args.rows * Math.min(args.length, SUM_COLUMNS),
  sumColumns: (args) => args.rowsPerTask * args.length,
  sumRows: (args) => SUM_COLUMNS * args.length,
};

/** Whether a thread has done these tasks alone before it has woken the others. */
export function isSmall<K extends KernelName>(
  kernel: K,
  tasks: number,
  args: KernelArguments[K],
): boolean {
  const numbers = numbersOf[kernel]?.(args);
  return numbers !== undefined && tasks * numbers <= FEW;
}
