/** Rows of four floats. */
export class Block {
  /**
   * Turns the block at `source`, whose rows are `from` bytes apart, into one whose rows are `to`
   * bytes apart.
   */
  @inline
  static transpose(source: usize, from: usize, target: usize, to: usize): void {
    const r0 = v128.load(source);
    const r1 = v128.load(source + from);
    const r2 = v128.load(source + 2 * from);
    const r3 = v128.load(source + 3 * from);
    const t0 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5);
    const t1 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
    const t2 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5);
    const t3 = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
    v128.store(target, v128.shuffle<f32>(t0, t2, 0, 1, 4, 5));
    v128.store(target + to, v128.shuffle<f32>(t0, t2, 2, 3, 6, 7));
    v128.store(target + 2 * to, v128.shuffle<f32>(t1, t3, 0, 1, 4, 5));
    v128.store(target + 3 * to, v128.shuffle<f32>(t1, t3, 2, 3, 6, 7));
  }

  /** The same for two rows: what is stored are four pairs. */
  @inline
  static transposePair(source: usize, from: usize, target: usize, to: usize): void {
    const r0 = v128.load(source);
    const r1 = v128.load(source + from);
    const t0 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5);
    const t1 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
    v128.store_lane<u64>(target, t0, 0);
    v128.store_lane<u64>(target + to, t0, 1);
    v128.store_lane<u64>(target + 2 * to, t1, 0);
    v128.store_lane<u64>(target + 3 * to, t1, 1);
  }
}
