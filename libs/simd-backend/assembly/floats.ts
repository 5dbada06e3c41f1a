import { Vector } from './vector';

/** Runs of floats of any length. What writes one returns the address where the run ends. */
export class Floats {
  @inline
  static copy(to: usize, from: usize, bytes: usize): usize {
    const end = to + bytes;
    for (; to + 16 <= end; to += 16, from += 16) v128.store(to, v128.load(from));
    for (; to < end; to += 4, from += 4) store<f32>(to, load<f32>(from));
    return to;
  }

  @inline
  static zero(to: usize, bytes: usize): usize {
    const end = to + bytes;
    for (; to + 16 <= end; to += 16) v128.store(to, f32x4.splat(0));
    for (; to < end; to += 4) store<f32>(to, 0);
    return to;
  }

  /**
   * Reads a run from begin to end, which the processor does ahead and fast. So it is in a cache
   * when it is used in another order. Something of it is stored at `to`, or engines would leave
   * the reads out.
   */
  static touch(from: usize, bytes: usize, to: usize): void {
    let all = f32x4.splat(0);
    for (let at: usize = 0; at < bytes; at += 64) all = v128.or(all, v128.load(from + at));
    v128.store(to, all);
  }

  @inline
  static add(to: usize, from: usize, bytes: usize): usize {
    const end = to + bytes;
    for (; to + 16 <= end; to += 16, from += 16) {
      v128.store(to, f32x4.add(v128.load(to), v128.load(from)));
    }
    for (; to < end; to += 4, from += 4) store<f32>(to, load<f32>(to) + load<f32>(from));
    return to;
  }

  /** The largest of `count` floats, in each lane; NaN if one is NaN. */
  @inline
  static max(from: usize, count: i32): v128 {
    let most = f32x4.splat(-Infinity);
    let i = 0;
    for (; i + 4 <= count; i += 4, from += 16) most = f32x4.max(most, v128.load(from));
    for (; i < count; i++, from += 4) most = f32x4.max(most, v128.load32_splat(from));
    return Vector.max(most);
  }

  /** As `max`, but faster, and it may pass over NaN. */
  @inline
  static pmax(from: usize, count: i32): v128 {
    let most = f32x4.splat(-Infinity);
    let other = most;
    let i = 0;
    for (; i + 8 <= count; i += 8, from += 32) {
      most = f32x4.pmax(most, v128.load(from));
      other = f32x4.pmax(other, v128.load(from, 16));
    }
    most = f32x4.pmax(most, other);
    for (; i < count; i++, from += 4) most = f32x4.pmax(most, v128.load32_splat(from));
    return Vector.max(most);
  }
}
