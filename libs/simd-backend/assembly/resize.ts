import { Floats } from './floats';
import { Lanes } from './lanes';

/** Channels that one task of resizeGradient handles: a cache line. */
export const RESIZE_CHANNELS: i32 = 16;

/**
 * Where a row, or a column, of the larger picture lies among those of the other: between `low`
 * and `high`. `fraction` is the share of `high`, as the bits of a float.
 */
@unmanaged
export class Between {
  low: i32;
  high: i32;
  fraction: i32;
}

class Place {
  @inline
  static of(table: Between, i: i32): Between {
    return changetype<Between>(changetype<usize>(table) + <usize>i * offsetof<Between>());
  }

  @inline
  static fraction(place: Between): f32 {
    return reinterpret<f32>(place.fraction);
  }
}

class Mix {
  @inline
  static between(a: v128, b: v128, share: v128): v128 {
    return f32x4.add(a, f32x4.mul(f32x4.sub(b, a), share));
  }

  @inline
  static of(a: usize, b: usize, share: v128, whole: bool): v128 {
    return Mix.between(Lanes.load(a, whole), Lanes.load(b, whole), share);
  }
}

/**
 * Resizes images [batch, xh, xw, channels] to [batch, yh, yw, channels], from four pixels each,
 * or from the one at `low` when `nearest`. `rows` and `columns` have a place for each of the
 * result. Task = a row of the result.
 */
export function resize(
  task: i32,
  thread: i32,
  x: usize,
  y: usize,
  rows: Between,
  columns: Between,
  xh: i32,
  xw: i32,
  yh: i32,
  yw: i32,
  channels: i32,
  nearest: bool,
): void {
  const n = task / yh;
  const row = Place.of(rows, task - n * yh);
  const down = f32x4.splat(Place.fraction(row));
  const stride = <usize>channels * 4;
  const above = x + <usize>((n * xh + row.low) * xw) * stride;
  const below = x + <usize>((n * xh + row.high) * xw) * stride;
  for (let w = 0; w < yw; w++) {
    const column = Place.of(columns, w);
    const low = <usize>column.low * stride;
    const high = <usize>column.high * stride;
    const right = f32x4.splat(Place.fraction(column));
    const to = y + <usize>(task * yw + w) * stride;
    if (nearest) {
      Floats.copy(to, above + low, stride);
      continue;
    }
    let c = 0;
    for (; c + 4 <= channels; c += 4) {
      const at = <usize>c * 4;
      const top = Mix.of(above + low + at, above + high + at, right, true);
      const bottom = Mix.of(below + low + at, below + high + at, right, true);
      v128.store(to + at, Mix.between(top, bottom, down));
    }
    for (; c < channels; c++) {
      const at = <usize>c * 4;
      const top = Mix.of(above + low + at, above + high + at, right, false);
      const bottom = Mix.of(below + low + at, below + high + at, right, false);
      Lanes.store(to + at, Mix.between(top, bottom, down), false);
    }
  }
}

/**
 * The gradient of `resize` for the images: adds each dy to the pixels that it came from. Task =
 * (sample, block of RESIZE_CHANNELS channels).
 */
export function resizeGradient(
  task: i32,
  thread: i32,
  dy: usize,
  dx: usize,
  rows: Between,
  columns: Between,
  xh: i32,
  xw: i32,
  yh: i32,
  yw: i32,
  channels: i32,
  nearest: bool,
): void {
  const blocks = (channels + RESIZE_CHANNELS - 1) / RESIZE_CHANNELS;
  const n = task / blocks;
  const first = (task - n * blocks) * RESIZE_CHANNELS;
  const end = min(channels, first + RESIZE_CHANNELS);
  const stride = <usize>channels * 4;
  dx += <usize>(n * xh * xw) * stride;
  dy += <usize>(n * yh * yw) * stride;
  for (let p = 0; p < xh * xw; p++) {
    Floats.zero(dx + <usize>p * stride + <usize>first * 4, <usize>(end - first) * 4);
  }
  for (let h = 0; h < yh; h++) {
    const row = Place.of(rows, h);
    const above = dx + <usize>(row.low * xw) * stride;
    const below = dx + <usize>(row.high * xw) * stride;
    for (let w = 0; w < yw; w++) {
      const column = Place.of(columns, w);
      const low = <usize>column.low * stride;
      const high = <usize>column.high * stride;
      const down = Place.fraction(row);
      const up = <f32>1 - down;
      const right = Place.fraction(column);
      const left = <f32>1 - right;
      for (let c = first; c < end;) {
        const whole = c + 4 <= end;
        const at = <usize>c * 4;
        const gradient = Lanes.load(dy + <usize>(h * yw + w) * stride + at, whole);
        if (nearest) {
          Lanes.add(above + low + at, gradient, whole);
        } else {
          Lanes.add(above + low + at, f32x4.mul(gradient, f32x4.splat(up * left)), whole);
          Lanes.add(above + high + at, f32x4.mul(gradient, f32x4.splat(up * right)), whole);
          Lanes.add(below + low + at, f32x4.mul(gradient, f32x4.splat(down * left)), whole);
          Lanes.add(below + high + at, f32x4.mul(gradient, f32x4.splat(down * right)), whole);
        }
        c += whole ? 4 : 1;
      }
    }
  }
}
