import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';

/** What a checkpoint stores of a {@link Random}: the four 32-bit words of xoroshiro128+. */
export type RandomState = readonly number[];

/**
 * The only source of random numbers in tgan. It is seeded, and its state can be saved and restored
 * exactly.
 *
 * @example
 * ```ts
 * const random = new Random(42);
 * const z0 = random.uniform(100, -1, 1); // Float32Array(100)
 * const later = Random.restore(random.state); // goes on where `random` stands
 * ```
 */
export class Random {
  #generator;

  /**
   * @param keys - whole numbers that identify the stream, such as a seed, or a seed, an epoch and
   * an index. Streams of different keys do not overlap in practice, even if the keys are small and
   * consecutive.
   * @throws RangeError when a key is not a safe integer.
   */
  constructor(...keys: number[]) {
    this.#generator = xoroshiro128plusFromState(stateOf(keys));
  }

  /** Continues the {@link Random} that had this `state`. */
  static restore(state: RandomState): Random {
    if (state.length !== 4 || !state.every((word) => Number.isInteger(word))) {
      throw new RangeError(`Random.restore: expected 4 integers, got ${JSON.stringify(state)}`);
    }
    const random = new Random();
    random.#generator = xoroshiro128plusFromState(state);
    return random;
  }

  /** A copy of the current state, for {@link Random.restore}. */
  get state(): RandomState {
    return [...this.#generator.getState()];
  }

  /** One number, uniform in [low, high). */
  number(low = 0, high = 1): number {
    return low + (high - low) * uniformFloat64(this.#generator);
  }

  /** One whole number, uniform in 0 .. below - 1. */
  integer(below: number): number {
    return uniformInt(this.#generator, 0, below - 1);
  }

  /** A seed for code that takes a 32-bit one, such as `tf.randomNormal`. */
  seed(): number {
    return this.#generator.next() >>> 1;
  }

  /** `count` numbers, uniform in [low, high). */
  uniform(count: number, low = 0, high = 1): Float32Array {
    return Float32Array.from({ length: count }, () => this.number(low, high));
  }

  /** The numbers 0 .. count - 1 in a random order (Fisher-Yates). */
  permutation(count: number): Uint32Array {
    const order = Uint32Array.from({ length: count }, (_, i) => i);
    for (let i = count - 1; i > 0; i--) {
      const j = this.integer(i + 1);
      [order[i], order[j]] = [order[j], order[i]];
    }
    return order;
  }
}

/** Mixes any number of keys into four words, so that close seeds give unrelated streams. */
function stateOf(keys: readonly number[]): number[] {
  let hash = 0x9e3779b9;
  const absorb = (word: number) => {
    hash = Math.imul(hash ^ word, 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    hash ^= hash >>> 16;
  };
  const state = [0, 0, 0, 0];
  for (let lane = 0; lane < 4; lane++) {
    absorb(lane + 1);
    for (const key of keys) {
      if (!Number.isSafeInteger(key)) {
        throw new RangeError(`Random: a key must be a whole number, got ${key}`);
      }
      absorb(key | 0);
      absorb(Math.floor(key / 2 ** 32) | 0);
    }
    state[lane] = hash | 0;
  }
  return state;
}
