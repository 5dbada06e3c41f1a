// Written by bindings.mjs from assembly/, see there. Not to be edited.

/** The WebAssembly module of these kernels exports the same number. */
export const BINDINGS_VERSION = 1767674724;

/** A whole number. */
export type i32 = number;
/** An address, or a number of bytes. */
export type usize = number;
/** A number in single precision. */
export type f32 = number;
/** The address of a structure in the shared memory. */
export type Pointer<Structure> = usize & { readonly structure: Structure };

/** The fields of {@link BoxAxis} in the order of its memory, 32 bits each. */
export const boxAxisFields = ['size', 'source', 'target'] as const;
/**
 * One outer dimension of a box: its size, and the floats from one index to the next on either
 * side.
 */
export type BoxAxis = Record<(typeof boxAxisFields)[number], i32 | usize>;

/** Channels that one task of depthwiseFilterGradient handles. */
export const DEPTHWISE_CHANNELS = 32;

/** What the kernel `binary` computes. */
export const BinaryOperation = {
  add: 0,
  subtract: 1,
  multiply: 2,
  divide: 3,
  maximum: 4,
  minimum: 5,
  squaredDifference: 6,
} as const;
export type BinaryOperation = (typeof BinaryOperation)[keyof typeof BinaryOperation];

/** What the kernel `compare` tells of a and b. Nothing is equal to NaN, or greater. */
export const Comparison = {
  greater: 0,
  greaterEqual: 1,
  equal: 2,
  notEqual: 3,
} as const;
export type Comparison = (typeof Comparison)[keyof typeof Comparison];

/** What the kernel `logic` computes. */
export const LogicOperation = {
  and: 0,
  or: 1,
  not: 2,
} as const;
export type LogicOperation = (typeof LogicOperation)[keyof typeof LogicOperation];

/** What the kernel `unary` computes. */
export const UnaryOperation = {
  negate: 0,
  absolute: 1,
  square: 2,
  root: 3,
  reciprocalRoot: 4,
  reciprocal: 5,
  exponential: 6,
  floor: 7,
  logarithm: 8,
  sigmoid: 9,
  hyperbolicTangent: 10,
  rectify: 11,
  step: 12,
  clip: 13,
} as const;
export type UnaryOperation = (typeof UnaryOperation)[keyof typeof UnaryOperation];

/** The fields of {@link Geometry} in the order of its memory, 32 bits each. */
export const geometryFields = [
  'xd',
  'xh',
  'xw',
  'xc',
  'yd',
  'yh',
  'yw',
  'yc',
  'kd',
  'kh',
  'kw',
  'strideD',
  'strideH',
  'strideW',
  'padD',
  'padH',
  'padW',
  'dilationD',
  'dilationH',
  'dilationW',
] as const;
/**
 * A convolution from the big side x [batch, xd, xh, xw, xc] to the small side y [batch, yd, yh,
 * yw, yc].
 *
 * Output o along an axis sees the inputs o*stride - pad + k*dilation for k below the kernel's
 * size.
 */
export type Geometry = Record<(typeof geometryFields)[number], i32 | usize>;

/** Output positions that one task unfolds. */
export const IM2COL_ROWS = 64;

/** Most columns of B that it may take. */
export const COLUMN_BLOCK = 256;

/** Most pages of 64 KiB that the memory may have. 32-bit addresses reach no further. */
export const MAX_PAGES = 65536;

/**
 * The packed rows and columns of a product, or the lines that a direct convolution sees, with
 * padding.
 */
export const PANEL_BYTES = 409600;

/** Most rows of A that one task of a product may take. */
export const ROW_BLOCK = 128;

/** Scratch memory: `SCRATCH_BYTES` for each thread. */
export const SCRATCH_BASE = 65536;

/** Scratch memory of one thread. */
export const SCRATCH_BYTES = 573440;

/** Static data of the WebAssembly module. */
export const STATIC_BASE = 1024;

/**
 * A product sums at most this many terms in registers: sixteen columns of B of this length fill
 * half of the L1 cache.
 */
export const TERM_BLOCK = 256;

/** Winograd tiles, or a tile of a product before it is merged into the result. */
export const TILE_BYTES = 163840;

/** Columns of a panel: the width of the micro-kernel. */
export const PANEL_COLUMNS = 8;

/** Channels that one task of maxPoolGradient handles: a cache line. */
export const POOL_CHANNELS = 16;

/** Columns that one task of sumRows adds up: whole cache lines. */
export const SUM_COLUMNS = 64;

/** The fields of {@link Between} in the order of its memory, 32 bits each. */
export const betweenFields = ['low', 'high', 'fraction'] as const;
/**
 * Where a row, or a column, of the larger picture lies among those of the other: between `low`
 * and `high`. `fraction` is the share of `high`, as the bits of a float.
 */
export type Between = Record<(typeof betweenFields)[number], i32 | usize>;

/** Channels that one task of resizeGradient handles: a cache line. */
export const RESIZE_CHANNELS = 16;

/** Most positions of a window: so many pairs fit into the scratch memory of a thread. */
export const MAX_TAPS = 32768;

/** Outputs of one tile. */
export function outputs(kind: i32): i32 {
  return kind < 2 ? 1 : kind;
}

/** Phases that the inputs of an axis are sorted into. */
export function phases(kind: i32): i32 {
  return kind === 0 ? 1 : 2;
}

/** Multiplications for one tile and phase. */
export function points(kind: i32): i32 {
  return kind < 2 ? 1 : kind + 1;
}

/** The fields of {@link Plan} in the order of its memory, 32 bits each. */
export const planFields = [
  'xd',
  'xh',
  'xw',
  'xc',
  'yd',
  'yh',
  'yw',
  'yc',
  'kindD',
  'kindH',
  'kindW',
  'tilesD',
  'tilesH',
  'tilesW',
  'vPoint',
  'vRow',
  'mPoint',
  'mRow',
] as const;
/**
 * A convolution of kernel 4 and stride 2, cut into tiles.
 *
 * V [points][rows][phases * xc] holds the transformed tiles of x, and M [points][rows][yc] those
 * of y. A row is a tile. Strides are in bytes.
 */
export type Plan = Record<(typeof planFields)[number], i32 | usize>;

/** What each kernel takes beside the numbers of its task and thread. */
export interface KernelArguments {
  /**
   * The place along the middle axis of x [outer, size, inner] of the largest value, or of the
   * smallest: the first one if there are several. NaN is passed over, unless it comes first. Task =
   * `perTask` of the `count` = outer * inner results, 32-bit integers.
   */
  argExtreme: {
    x: usize;
    out: usize;
    count: i32;
    size: i32;
    inner: i32;
    smallest: boolean;
    perTask: i32;
  };
  /** y = f((x - mean) scale + shift) */
  batchNormApply: {
    x: usize;
    y: usize;
    mean: usize;
    scale: usize;
    shift: usize;
    rows: i32;
    channels: i32;
    rowsPerTask: i32;
    slope: f32;
  };
  /** dx = a dz + b (x - mean) + c, where dz = dy f'(z); a, b and c [channels]. */
  batchNormGradient: {
    x: usize;
    y: usize;
    dy: usize;
    dx: usize;
    mean: usize;
    ka: usize;
    kb: usize;
    kc: usize;
    rows: i32;
    channels: i32;
    rowsPerTask: i32;
    slope: f32;
  };
  /** Sums of dz and of dz (x - mean) for each channel, where dz = dy f'(z). */
  batchNormGradientSums: {
    x: usize;
    y: usize;
    dy: usize;
    mean: usize;
    partial: usize;
    rows: i32;
    channels: i32;
    rowsPerTask: i32;
    slope: f32;
  };
  /**
   * Sums of x - origin and of (x - origin)^2 for each channel. `origin` is a row of x. It is near
   * the mean, so the variance does not cancel as it may around zero.
   */
  batchNormSums: {
    x: usize;
    origin: usize;
    partial: usize;
    rows: i32;
    channels: i32;
    rowsPerTask: i32;
  };
  /**
   * The adjoint of im2col: adds to each position of x the entries of `columns` that im2col would
   * have copied from there. `columns` has the rows of the outputs `first` .. `first + rows - 1`.
   * Task = (sample, depth, height) of x, counted from `firstLine`.
   */
  col2im: {
    g: Pointer<Geometry>;
    x: usize;
    columns: usize;
    rowBytes: usize;
    first: i32;
    rows: i32;
    firstLine: i32;
  };
  /**
   * Copies a box of `rank` outer dimensions and a plane [rows, columns] between two places with
   * strides of their own, in floats; a source stride of 0 repeats. `box` holds the outer
   * dimensions, one BoxAxis after the other. Task = (outer index, block of `rowsPerTask` rows).
   */
  copyBox: {
    source: usize;
    target: usize;
    box: Pointer<BoxAxis>;
    rank: i32;
    rows: i32;
    sourceRow: i32;
    targetRow: i32;
    columns: i32;
    sourceColumn: i32;
    targetColumn: i32;
    rowsPerTask: i32;
  };
  /** Sets `size` floats to a value. Task = `block` floats. */
  fill: {
    target: usize;
    size: i32;
    block: i32;
    value: f32;
  };
  /**
   * Running sums along the middle axis of x [outer, size, inner]: of all values up to each, itself
   * included unless `exclusive`; from the end on when `reverse`. Task = (outer, block of
   * SUM_COLUMNS columns of inner).
   */
  cumulativeSum: {
    x: usize;
    out: usize;
    size: i32;
    inner: i32;
    exclusive: boolean;
    reverse: boolean;
  };
  /**
   * A convolution of each channel with a filter [kernel, channels] of its own. Backward, its
   * gradient for the input: `from` is then dy and `to` dx. Task = `perTask` of the `positions` of
   * `to`.
   */
  depthwise: {
    g: Pointer<Geometry>;
    from: usize;
    filter: usize;
    to: usize;
    backward: boolean;
    positions: i32;
    perTask: i32;
  };
  /**
   * The gradient for the filter of such a convolution, over slices of `perSlice` outputs: out
   * [slices, kernel, channels]. Task = (slice, block of DEPTHWISE_CHANNELS channels).
   */
  depthwiseFilterGradient: {
    g: Pointer<Geometry>;
    x: usize;
    dy: usize;
    out: usize;
    positions: i32;
    perSlice: i32;
  };
  /**
   * A convolution that reads x where it lies: for filters of few outputs, which do not pay for
   * unfolding x. `panels` are the filter's. A line of y has four positions or more, and windows are
   * not dilated along it. Task = `perTask` of the `lines` of y.
   */
  direct: {
    g: Pointer<Geometry>;
    x: usize;
    panels: usize;
    y: usize;
    lines: i32;
    perTask: i32;
  };
  /**
   * out[r, c] = a (op) b over rows of `columns`, `size` elements in all (the last row may be
   * shorter). An operand advances by aRow floats a row and by aColumn, 0 or 1, a column. This
   * covers equal shapes, scalars, rows and columns. Task = `rowsPerTask` rows.
   */
  binary: {
    operation: BinaryOperation;
    a: usize;
    aRow: i32;
    aColumn: i32;
    b: usize;
    bRow: i32;
    bColumn: i32;
    out: usize;
    size: i32;
    columns: i32;
    rowsPerTask: i32;
  };
  /**
   * out (bytes) = whether the comparison of a and b holds. Rows, columns and tasks are those of
   * `binary`.
   */
  compare: {
    comparison: Comparison;
    a: usize;
    aRow: i32;
    aColumn: i32;
    b: usize;
    bRow: i32;
    bColumn: i32;
    out: usize;
    size: i32;
    columns: i32;
    rowsPerTask: i32;
  };
  /** out = a (op) b, all bytes; `not` reads a alone. Task = `block` elements. */
  logic: {
    operation: LogicOperation;
    a: usize;
    b: usize;
    out: usize;
    size: i32;
    block: i32;
  };
  /**
   * One step of RMSProp: s' = decay s + (1 - decay) g^2, w' = w + rate g / (sqrt(s') + epsilon).
   * The outputs may be the inputs. Task = `block` elements, a multiple of four.
   */
  rmsProp: {
    w: usize;
    s: usize;
    g: usize;
    newW: usize;
    newS: usize;
    size: i32;
    block: i32;
    rate: f32;
    decay: f32;
    epsilon: f32;
  };
  /**
   * out = condition (bytes) ? a : b, element by element. Task = `block` elements, a multiple of
   * four.
   */
  select: {
    condition: usize;
    a: usize;
    b: usize;
    out: usize;
    size: i32;
    block: i32;
  };
  /**
   * out = f(x) by operation. `p` and `q` are its parameters, as Unary.apply has them. Task =
   * `block` elements, a multiple of four.
   */
  unary: {
    operation: UnaryOperation;
    x: usize;
    out: usize;
    size: i32;
    block: i32;
    p: f32;
    q: f32;
  };
  /**
   * Takes slices of `slice` floats out of x [batch, outer, size, slice] by number, into out [batch,
   * outer, count, slice]; `indices` is [batch, count], 32-bit integers below `size`. Task =
   * `perTask` of the `rows` = batch * outer * count slices.
   */
  gather: {
    x: usize;
    indices: usize;
    out: usize;
    rows: i32;
    outer: i32;
    size: i32;
    count: i32;
    slice: i32;
    perTask: i32;
  };
  /**
   * Adds each of `rows` rows of `length` floats to the row of `out` [segments, length] that `ids`
   * names, rows in order; rows of no segment are left out. Task = block of SUM_COLUMNS columns.
   */
  segmentSum: {
    x: usize;
    ids: usize;
    out: usize;
    rows: i32;
    segments: i32;
    length: i32;
  };
  /**
   * One block of C[p] = A[p] B[p] for a batch of p, row-major C; all strides in bytes.
   *
   * Element (m, k) of A[p] is at `a + p*aBatch + m*aRow + k*aStep`, and element (k, n) of B[p] at
   * `b + p*bBatch + k*bRow + n*bStep`. This covers rows and their transposes. Where `bPanel` is not
   * 0, B[p] is in panels instead, see pack.ts: `b + p*bBatch + (n/8)*bPanel + k*32 + (n%8)*4`. With
   * `upper`, blocks wholly below the diagonal of C are left out. `wide` computes tiles of 16
   * columns, with the same sums to the bit. Task = (p, block of `nb` columns, block of `mb` rows).
   */
  gemm: {
    m: i32;
    n: i32;
    k: i32;
    a: usize;
    aBatch: usize;
    aRow: usize;
    aStep: usize;
    b: usize;
    bBatch: usize;
    bRow: usize;
    bStep: usize;
    bPanel: usize;
    c: usize;
    cBatch: usize;
    cRow: usize;
    accumulate: boolean;
    upper: boolean;
    mb: i32;
    nb: i32;
    wide: boolean;
  };
  /**
   * Copies what lies above the diagonal of symmetric C[p] [size, size] to below. Task = (p, row).
   */
  mirrorUpper: {
    c: usize;
    size: i32;
  };
  /**
   * Unfolds x: row r of `columns` [rows, rowBytes] gets the patch [kd, kh, kw, xc] that output
   * position `first + r` sees, with zeros where it sees padding. Task = IM2COL_ROWS rows.
   */
  im2col: {
    g: Pointer<Geometry>;
    x: usize;
    columns: usize;
    rowBytes: usize;
    first: i32;
    rows: i32;
  };
  /**
   * Packs a matrix [k, columns] into panels of eight columns, [columns / 8][k][8], zero-filled at
   * the end.
   *
   * Element (k, n) is read at `source + p*batch + k*kStride + n*nStride` (bytes). Task = (p,
   * panel).
   */
  packPanels: {
    source: usize;
    batch: usize;
    kStride: usize;
    nStride: usize;
    target: usize;
    k: i32;
    columns: i32;
  };
  /**
   * Forward, the mean of the inputs in each window, without padding; a window of nothing but
   * padding counts `least` inputs. Backward, to = the sum of the gradients of the windows around
   * each input, over the size of a window. Task = `perTask` of the `positions` of `to`.
   */
  averagePool: {
    g: Pointer<Geometry>;
    from: usize;
    to: usize;
    backward: boolean;
    least: i32;
    positions: i32;
    perTask: i32;
  };
  /**
   * y = the largest input of each window, channel by channel. NaN counts as smaller than anything,
   * as on tfjs's cpu backend. Task = `perTask` of the `positions` of y.
   */
  maxPool: {
    g: Pointer<Geometry>;
    x: usize;
    y: usize;
    positions: i32;
    perTask: i32;
  };
  /**
   * Adds dy to dx where each window has its largest input. If there are several, that is the first
   * one, or the last when `last`. Task = (sample, block of POOL_CHANNELS channels), because windows
   * may overlap.
   */
  maxPoolGradient: {
    g: Pointer<Geometry>;
    x: usize;
    dy: usize;
    dx: usize;
    last: boolean;
  };
  /**
   * The largest of each of `rows` rows of `length` floats; NaN if one is NaN. Task = `rowsPerTask`
   * rows.
   */
  maxColumns: {
    x: usize;
    out: usize;
    rows: i32;
    length: i32;
    rowsPerTask: i32;
  };
  /** Sums each of `rows` rows of `length` floats, times scale. Task = `rowsPerTask` rows. */
  sumColumns: {
    x: usize;
    out: usize;
    rows: i32;
    length: i32;
    rowsPerTask: i32;
    scale: f32;
  };
  /**
   * Sums slices of rows: out[s] = scale * (sum of `length` rows of `inner` floats from slice s),
   * rows in order; the last slice has `lastLength`. Adds to `out` when `accumulate`. Task = (slice,
   * block of SUM_COLUMNS columns).
   */
  sumRows: {
    x: usize;
    out: usize;
    slices: i32;
    length: i32;
    lastLength: i32;
    inner: i32;
    sliceStride: usize;
    rowStride: usize;
    scale: f32;
    accumulate: boolean;
  };
  /**
   * Resizes images [batch, xh, xw, channels] to [batch, yh, yw, channels], from four pixels each,
   * or from the one at `low` when `nearest`. `rows` and `columns` have a place for each of the
   * result. Task = a row of the result.
   */
  resize: {
    x: usize;
    y: usize;
    rows: Pointer<Between>;
    columns: Pointer<Between>;
    xh: i32;
    xw: i32;
    yh: i32;
    yw: i32;
    channels: i32;
    nearest: boolean;
  };
  /**
   * The gradient of `resize` for the images: adds each dy to the pixels that it came from. Task =
   * (sample, block of RESIZE_CHANNELS channels).
   */
  resizeGradient: {
    dy: usize;
    dx: usize;
    rows: Pointer<Between>;
    columns: Pointer<Between>;
    xh: i32;
    xw: i32;
    yh: i32;
    yw: i32;
    channels: i32;
    nearest: boolean;
  };
  /**
   * Each of `rows` rows of `length` floats as probabilities: e^(x - max) over their sum. Task =
   * `rowsPerTask` rows.
   */
  softmax: {
    x: usize;
    out: usize;
    rows: i32;
    length: i32;
    rowsPerTask: i32;
  };
  /**
   * U = G w: transforms filters w [taps, xc, yc] into plain rows: element (point, phase, ci, co) of
   * U is at `u + point*uPoint + phase*uPhase + ci*uRow + co*4`. Task = ci.
   */
  winogradFilter: {
    plan: Pointer<Plan>;
    w: usize;
    u: usize;
    uPoint: usize;
    uPhase: usize;
    uRow: usize;
  };
  /**
   * w = G' U, the adjoint of winogradFilter, from plain rows: element (point, phase, ci, co) of U
   * is at `u + point*uPoint + phase*uPhase + ci*uRow + co*4`; w is [taps, xc, yc]. Task = ci.
   */
  winogradFilterAdjoint: {
    plan: Pointer<Plan>;
    u: usize;
    w: usize;
    uPoint: usize;
    uPhase: usize;
    uRow: usize;
  };
  /**
   * V = B' x: transforms the tiles of x, `block` channels side by side. All phases of a tile must
   * fit into the scratch memory. Task = one line of tiles along w: (sample, tile d, tile h).
   */
  winogradInput: {
    plan: Pointer<Plan>;
    x: usize;
    v: usize;
    block: i32;
  };
  /**
   * x = B V, the adjoint of winogradInput: every tile of V is transformed and added to where it
   * lies in x; tiles overlap. Task = (sample, block of channels), so that no two tasks add to the
   * same place.
   */
  winogradInputAdjoint: {
    plan: Pointer<Plan>;
    x: usize;
    v: usize;
    block: i32;
  };
  /**
   * y = A' M: the products' tiles, as rows, to outputs. Task = one line of tiles along w: (sample,
   * tile d, tile h).
   */
  winogradOutput: {
    plan: Pointer<Plan>;
    y: usize;
    m: usize;
  };
  /**
   * M = A y: the adjoint of winogradOutput. Task = one line of tiles along w: (sample, tile d, tile
   * h).
   */
  winogradOutputAdjoint: {
    plan: Pointer<Plan>;
    y: usize;
    m: usize;
  };
}

export type KernelName = keyof KernelArguments;

/** Puts the arguments of each kernel in its order. */
export const inOrder: { readonly [K in KernelName]: (args: KernelArguments[K]) => number[] } = {
  argExtreme: (a) => [a.x, a.out, a.count, a.size, a.inner, Number(a.smallest), a.perTask],
  batchNormApply: (a) => [
    a.x,
    a.y,
    a.mean,
    a.scale,
    a.shift,
    a.rows,
    a.channels,
    a.rowsPerTask,
    a.slope,
  ],
  batchNormGradient: (a) => [
    a.x,
    a.y,
    a.dy,
    a.dx,
    a.mean,
    a.ka,
    a.kb,
    a.kc,
    a.rows,
    a.channels,
    a.rowsPerTask,
    a.slope,
  ],
  batchNormGradientSums: (a) => [
    a.x,
    a.y,
    a.dy,
    a.mean,
    a.partial,
    a.rows,
    a.channels,
    a.rowsPerTask,
    a.slope,
  ],
  batchNormSums: (a) => [a.x, a.origin, a.partial, a.rows, a.channels, a.rowsPerTask],
  col2im: (a) => [a.g, a.x, a.columns, a.rowBytes, a.first, a.rows, a.firstLine],
  copyBox: (a) => [
    a.source,
    a.target,
    a.box,
    a.rank,
    a.rows,
    a.sourceRow,
    a.targetRow,
    a.columns,
    a.sourceColumn,
    a.targetColumn,
    a.rowsPerTask,
  ],
  fill: (a) => [a.target, a.size, a.block, a.value],
  cumulativeSum: (a) => [a.x, a.out, a.size, a.inner, Number(a.exclusive), Number(a.reverse)],
  depthwise: (a) => [a.g, a.from, a.filter, a.to, Number(a.backward), a.positions, a.perTask],
  depthwiseFilterGradient: (a) => [a.g, a.x, a.dy, a.out, a.positions, a.perSlice],
  direct: (a) => [a.g, a.x, a.panels, a.y, a.lines, a.perTask],
  binary: (a) => [
    a.operation,
    a.a,
    a.aRow,
    a.aColumn,
    a.b,
    a.bRow,
    a.bColumn,
    a.out,
    a.size,
    a.columns,
    a.rowsPerTask,
  ],
  compare: (a) => [
    a.comparison,
    a.a,
    a.aRow,
    a.aColumn,
    a.b,
    a.bRow,
    a.bColumn,
    a.out,
    a.size,
    a.columns,
    a.rowsPerTask,
  ],
  logic: (a) => [a.operation, a.a, a.b, a.out, a.size, a.block],
  rmsProp: (a) => [a.w, a.s, a.g, a.newW, a.newS, a.size, a.block, a.rate, a.decay, a.epsilon],
  select: (a) => [a.condition, a.a, a.b, a.out, a.size, a.block],
  unary: (a) => [a.operation, a.x, a.out, a.size, a.block, a.p, a.q],
  gather: (a) => [a.x, a.indices, a.out, a.rows, a.outer, a.size, a.count, a.slice, a.perTask],
  segmentSum: (a) => [a.x, a.ids, a.out, a.rows, a.segments, a.length],
  gemm: (a) => [
    a.m,
    a.n,
    a.k,
    a.a,
    a.aBatch,
    a.aRow,
    a.aStep,
    a.b,
    a.bBatch,
    a.bRow,
    a.bStep,
    a.bPanel,
    a.c,
    a.cBatch,
    a.cRow,
    Number(a.accumulate),
    Number(a.upper),
    a.mb,
    a.nb,
    Number(a.wide),
  ],
  mirrorUpper: (a) => [a.c, a.size],
  im2col: (a) => [a.g, a.x, a.columns, a.rowBytes, a.first, a.rows],
  packPanels: (a) => [a.source, a.batch, a.kStride, a.nStride, a.target, a.k, a.columns],
  averagePool: (a) => [a.g, a.from, a.to, Number(a.backward), a.least, a.positions, a.perTask],
  maxPool: (a) => [a.g, a.x, a.y, a.positions, a.perTask],
  maxPoolGradient: (a) => [a.g, a.x, a.dy, a.dx, Number(a.last)],
  maxColumns: (a) => [a.x, a.out, a.rows, a.length, a.rowsPerTask],
  sumColumns: (a) => [a.x, a.out, a.rows, a.length, a.rowsPerTask, a.scale],
  sumRows: (a) => [
    a.x,
    a.out,
    a.slices,
    a.length,
    a.lastLength,
    a.inner,
    a.sliceStride,
    a.rowStride,
    a.scale,
    Number(a.accumulate),
  ],
  resize: (a) => [
    a.x,
    a.y,
    a.rows,
    a.columns,
    a.xh,
    a.xw,
    a.yh,
    a.yw,
    a.channels,
    Number(a.nearest),
  ],
  resizeGradient: (a) => [
    a.dy,
    a.dx,
    a.rows,
    a.columns,
    a.xh,
    a.xw,
    a.yh,
    a.yw,
    a.channels,
    Number(a.nearest),
  ],
  softmax: (a) => [a.x, a.out, a.rows, a.length, a.rowsPerTask],
  winogradFilter: (a) => [a.plan, a.w, a.u, a.uPoint, a.uPhase, a.uRow],
  winogradFilterAdjoint: (a) => [a.plan, a.u, a.w, a.uPoint, a.uPhase, a.uRow],
  winogradInput: (a) => [a.plan, a.x, a.v, a.block],
  winogradInputAdjoint: (a) => [a.plan, a.x, a.v, a.block],
  winogradOutput: (a) => [a.plan, a.y, a.m],
  winogradOutputAdjoint: (a) => [a.plan, a.y, a.m],
};
