import { householderModule } from './householder-wasm.js';

/** What the Householder reduction of a symmetric matrix B works on, and its two costly loops. */
export interface Workspace {
  /** B, `[size, size]`, row by row; only its upper triangle is used. */
  readonly matrix: Float64Array;
  /** Four vectors of `size`. */
  readonly vectors: readonly Float64Array[];
  /** A number for each reflection. */
  readonly scales: Float64Array;
  /** {@link sweep}; the vectors are given by their places in `vectors`. */
  sweep(start: number, v: number, w: number, x: number, product: number): void;
  /** {@link reflect} of the four vectors. */
  reflect(): void;
}

/** Below this size, making the module takes longer than it saves. */
const SMALLEST = 48;

/**
 * A workspace for a matrix of this size. Its loops run in WebAssembly, where the engine has SIMD
 * and the page's Content-Security-Policy allows it, and otherwise in JavaScript.
 */
export function workspaceOf(size: number): Workspace {
  return (size >= SMALLEST && inWebAssembly(size)) || inJavaScript(size);
}

/** A workspace whose loops are in JavaScript. */
export function inJavaScript(size: number): Workspace {
  const matrix = new Float64Array(size * size);
  const vectors = Array.from({ length: 4 }, () => new Float64Array(size));
  const scales = new Float64Array(size);
  return {
    matrix,
    vectors,
    scales,
    sweep: (start, v, w, x, product) =>
      sweep(matrix, size, start, vectors[v], vectors[w], vectors[x], vectors[product]),
    reflect: () => reflect(matrix, size, scales, vectors),
  };
}

const PAGE_BYTES = 65536;
let compiled: WebAssembly.Module | undefined;

/**
 * A workspace whose loops are in WebAssembly, with memory of its own. Undefined where WebAssembly,
 * its SIMD or the memory is missing.
 */
export function inWebAssembly(size: number): Workspace | undefined {
  const rowBytes = size * Float64Array.BYTES_PER_ELEMENT;
  const place = (row: number) => row * rowBytes;
  try {
    compiled ??= new WebAssembly.Module(
      Uint8Array.from(atob(householderModule), (character) => character.charCodeAt(0)),
    );
    const memory = new WebAssembly.Memory({ initial: Math.ceil(place(size + 5) / PAGE_BYTES) });
    const { exports } = new WebAssembly.Instance(compiled, { env: { memory } });
    const loops = exports as Record<'sweep' | 'reflect', (...places: number[]) => void>;
    const row = (row: number) => new Float64Array(memory.buffer, place(row), size);
    return {
      matrix: new Float64Array(memory.buffer, 0, size * size),
      vectors: [0, 1, 2, 3].map((i) => row(size + i)),
      scales: row(size + 4),
      sweep: (start, ...vectors) =>
        loops.sweep(0, size, start, ...vectors.map((vector) => place(size + vector))),
      reflect: () => loops.reflect(0, size, place(size + 4), place(size)),
    };
  } catch {
    return undefined;
  }
}

/**
 * B -= v w' + w v' on the upper triangle from `start` on, and product = B x, in one sweep of B's
 * rows: the matrix is read once.
 */
function sweep(
  b: Float64Array,
  size: number,
  start: number,
  v: Float64Array,
  w: Float64Array,
  x: Float64Array,
  product: Float64Array,
): void {
  product.fill(0, start);
  for (let j = start; j < size; j++) {
    const row = j * size;
    const [vj, wj, xj] = [v[j], w[j], x[j]];
    let sum = 0;
    const corner = (b[row + j] -= 2 * vj * wj);
    for (let k = j + 1; k < size; k++) {
      const value = b[row + k] - vj * w[k] - wj * v[k];
      b[row + k] = value;
      sum += value * x[k];
      product[k] += value * xj;
    }
    product[j] += sum + corner * xj;
  }
}

/** Applies all reflections I - scale v v', the last first, to vectors in place: z -> Q z. */
function reflect(
  reflections: Float64Array,
  size: number,
  scales: Float64Array,
  vectors: readonly Float64Array[],
): void {
  for (const z of vectors) {
    for (let i = size - 2; i >= 0; i--) {
      const v = i * size;
      let dot = 0;
      for (let k = i + 1; k < size; k++) dot += reflections[v + k] * z[k];
      dot *= scales[i];
      for (let k = i + 1; k < size; k++) z[k] -= dot * reflections[v + k];
    }
  }
}
