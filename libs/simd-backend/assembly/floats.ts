/** Runs of floats of any length. Each function returns the address where the run ends. */
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

  @inline
  static add(to: usize, from: usize, bytes: usize): usize {
    const end = to + bytes;
    for (; to + 16 <= end; to += 16, from += 16) {
      v128.store(to, f32x4.add(v128.load(to), v128.load(from)));
    }
    for (; to < end; to += 4, from += 4) store<f32>(to, load<f32>(to) + load<f32>(from));
    return to;
  }
}
