/*
 * The two cubic loops of the symmetric eigenproblem; src/householder.ts has the same in
 * JavaScript. Numbers are float64, two of them in a vector. Matrices and vectors are given by
 * their addresses.
 */

class Numbers {
  /** The bytes that `count` numbers take. */
  @inline
  static bytes(count: i32): usize {
    return (<usize>count) << 3;
  }

  /** The sum of a vector's two numbers. */
  @inline
  static sum(v: v128): f64 {
    return f64x2.extract_lane(v, 0) + f64x2.extract_lane(v, 1);
  }
}

/** The part of B in one row: less the row's share of v w' + w v'. */
class Updated {
  @inline
  static one(b: f64, v: f64, w: f64, atV: f64, atW: f64): f64 {
    return b - v * atW - w * atV;
  }

  @inline
  static two(b: v128, v: v128, w: v128, atV: v128, atW: v128): v128 {
    return f64x2.sub(f64x2.sub(b, f64x2.mul(v, atW)), f64x2.mul(w, atV));
  }
}

/**
 * B -= v w' + w v' on the upper triangle from `start` on, and product = B x, in one sweep of B's
 * rows. Two rows go together, so that the vectors are read half as often.
 */
export function sweep(
  b: usize,
  size: i32,
  start: i32,
  v: usize,
  w: usize,
  x: usize,
  product: usize,
): void {
  for (let k = start; k < size; k++) store<f64>(product + Numbers.bytes(k), 0);
  let j = start;
  for (; j + 1 < size; j += 2) {
    const at = Numbers.bytes(j);
    // From the diagonal on: row j, and row j + 1.
    let upper = b + Numbers.bytes(size * j + j);
    let lower = upper + Numbers.bytes(size + 1);
    const v0 = load<f64>(v + at);
    const w0 = load<f64>(w + at);
    const x0 = load<f64>(x + at);
    const v1 = load<f64>(v + at, 8);
    const w1 = load<f64>(w + at, 8);
    const x1 = load<f64>(x + at, 8);
    const corner0 = load<f64>(upper) - 2 * v0 * w0;
    const between = Updated.one(load<f64>(upper, 8), v0, w0, v1, w1);
    const corner1 = load<f64>(lower) - 2 * v1 * w1;
    store<f64>(upper, corner0);
    store<f64>(upper, between, 8);
    store<f64>(lower, corner1);
    let sum0 = corner0 * x0 + between * x1;
    let sum1 = corner1 * x1 + between * x0;

    const v0s = f64x2.splat(v0);
    const v1s = f64x2.splat(v1);
    const w0s = f64x2.splat(w0);
    const w1s = f64x2.splat(w1);
    const x0s = f64x2.splat(x0);
    const x1s = f64x2.splat(x1);
    let sums0 = f64x2.splat(0);
    let sums1 = f64x2.splat(0);
    // The columns from j + 2 on, two at a time and then the last one.
    const end = Numbers.bytes(size - j - 2);
    const even = end & ~15;
    const rest = at + 16;
    upper += 16;
    lower += 8;
    for (let k: usize = 0; k < even; k += 16) {
      const wk = v128.load(w + rest + k);
      const vk = v128.load(v + rest + k);
      const value0 = Updated.two(v128.load(upper + k), v0s, w0s, vk, wk);
      const value1 = Updated.two(v128.load(lower + k), v1s, w1s, vk, wk);
      v128.store(upper + k, value0);
      v128.store(lower + k, value1);
      const xk = v128.load(x + rest + k);
      sums0 = f64x2.add(sums0, f64x2.mul(value0, xk));
      sums1 = f64x2.add(sums1, f64x2.mul(value1, xk));
      const to = product + rest + k;
      const share = f64x2.add(f64x2.mul(value0, x0s), f64x2.mul(value1, x1s));
      v128.store(to, f64x2.add(v128.load(to), share));
    }
    if (even < end) {
      const vk = load<f64>(v + rest + even);
      const wk = load<f64>(w + rest + even);
      const value0 = Updated.one(load<f64>(upper + even), v0, w0, vk, wk);
      const value1 = Updated.one(load<f64>(lower + even), v1, w1, vk, wk);
      store<f64>(upper + even, value0);
      store<f64>(lower + even, value1);
      const xk = load<f64>(x + rest + even);
      sum0 += value0 * xk;
      sum1 += value1 * xk;
      const to = product + rest + even;
      store<f64>(to, load<f64>(to) + value0 * x0 + value1 * x1);
    }
    const to = product + at;
    store<f64>(to, load<f64>(to) + (sum0 + Numbers.sum(sums0)));
    store<f64>(to, load<f64>(to, 8) + (sum1 + Numbers.sum(sums1)), 8);
  }
  if (j < size) {
    const at = Numbers.bytes(j);
    const corner = b + Numbers.bytes(size * j + j);
    const value = load<f64>(corner) - 2 * load<f64>(v + at) * load<f64>(w + at);
    store<f64>(corner, value);
    store<f64>(product + at, load<f64>(product + at) + value * load<f64>(x + at));
  }
}

/** z -= dot v in memory. */
class Less {
  @inline
  static one(z: usize, dot: f64, v: f64): void {
    store<f64>(z, load<f64>(z) - dot * v);
  }

  @inline
  static two(z: usize, dots: v128, v: v128): void {
    v128.store(z, f64x2.sub(v128.load(z), f64x2.mul(dots, v)));
  }
}

/**
 * Applies all reflections I - scale v v', the last first, to four vectors in place: z -> Q z. The
 * vectors lie one after the other from `z0` on. Each row of reflections is read once for the four.
 */
export function reflect(reflections: usize, size: i32, scales: usize, z0: usize): void {
  const row = Numbers.bytes(size);
  const z1 = z0 + row;
  const z2 = z1 + row;
  const z3 = z2 + row;
  for (let i = size - 2; i >= 0; i--) {
    const scale = load<f64>(scales + Numbers.bytes(i));
    if (scale === 0) continue;
    const v = reflections + <usize>i * row;
    const start = Numbers.bytes(i + 1);
    const last = row - 8;
    let sums0 = f64x2.splat(0);
    let sums1 = f64x2.splat(0);
    let sums2 = f64x2.splat(0);
    let sums3 = f64x2.splat(0);
    let k = start;
    for (; k < last; k += 16) {
      const vk = v128.load(v + k);
      sums0 = f64x2.add(sums0, f64x2.mul(vk, v128.load(z0 + k)));
      sums1 = f64x2.add(sums1, f64x2.mul(vk, v128.load(z1 + k)));
      sums2 = f64x2.add(sums2, f64x2.mul(vk, v128.load(z2 + k)));
      sums3 = f64x2.add(sums3, f64x2.mul(vk, v128.load(z3 + k)));
    }
    let dot0 = Numbers.sum(sums0);
    let dot1 = Numbers.sum(sums1);
    let dot2 = Numbers.sum(sums2);
    let dot3 = Numbers.sum(sums3);
    if (k === last) {
      const vk = load<f64>(v + k);
      dot0 += vk * load<f64>(z0 + k);
      dot1 += vk * load<f64>(z1 + k);
      dot2 += vk * load<f64>(z2 + k);
      dot3 += vk * load<f64>(z3 + k);
    }
    dot0 *= scale;
    dot1 *= scale;
    dot2 *= scale;
    dot3 *= scale;
    const dots0 = f64x2.splat(dot0);
    const dots1 = f64x2.splat(dot1);
    const dots2 = f64x2.splat(dot2);
    const dots3 = f64x2.splat(dot3);
    for (k = start; k < last; k += 16) {
      const vk = v128.load(v + k);
      Less.two(z0 + k, dots0, vk);
      Less.two(z1 + k, dots1, vk);
      Less.two(z2 + k, dots2, vk);
      Less.two(z3 + k, dots3, vk);
    }
    if (k === last) {
      const vk = load<f64>(v + k);
      Less.one(z0 + k, dot0, vk);
      Less.one(z1 + k, dot1, vk);
      Less.one(z2 + k, dot2, vk);
      Less.one(z3 + k, dot3, vk);
    }
  }
}
