import { readFileSync } from 'node:fs';
import { parseNpz, type NpyArray } from '@tgan/core';

/** The networks of the reference, by the names of the original code's snapshots: G0, G1, D. */
export type ReferenceNetwork = 'fsgen' | 'vgen' | 'vdis';

/** The moments of the reference run at which every parameter was stored. */
export type ReferenceSnapshot =
  'init' | 'step1/descent' | 'step1/after' | 'step5/before_svc' | 'step5/after_svc' | 'final';

/** Sizes and hyper-parameters of the reference run. */
export interface ReferenceConfig {
  readonly zDim: number;
  readonly g0: readonly number[];
  readonly g1: number;
  readonly d: number;
  readonly channels: number;
  readonly batch: number;
  readonly steps: number;
  readonly lr: number;
  readonly rmsprop: { readonly alpha: number; readonly eps: number };
  readonly bn: { readonly eps: number; readonly decay: number };
  readonly slope: number;
  readonly svcEvery: number;
}

/**
 * The reference run: a small TGAN trained for five steps by an independent implementation, see
 * data/README.md.
 */
export class Reference {
  readonly config: ReferenceConfig;
  readonly #arrays: Map<string, NpyArray>;

  /** @param arrays - the arrays of tgan-mini.npz by name. */
  constructor(arrays: Map<string, NpyArray>) {
    this.#arrays = arrays;
    const json = new TextDecoder().decode(this.array('config').data as Uint8Array);
    this.config = JSON.parse(json) as ReferenceConfig;
  }

  /**
   * One stored array, in the original code's layout.
   *
   * @throws Error when there is none of that name.
   */
  array(name: string): NpyArray {
    const array = this.#arrays.get(name);
    if (!array) throw new Error(`the reference holds no ${name}`);
    return array;
  }

  /** Every parameter of one network at one moment, as `dc0/W`, `bn0/gamma`, ... */
  snapshot(moment: ReferenceSnapshot, network: ReferenceNetwork): Map<string, NpyArray> {
    const prefix = `${moment}/${network}/`;
    const entries = [...this.#arrays].filter(([name]) => name.startsWith(prefix));
    return new Map(entries.map(([name, array]) => [name.slice(prefix.length), array]));
  }

  /** The latents of one step (counted from 0): `batch * zDim` numbers, row by row. */
  z0(step: number): Float32Array {
    return stepOf(this.array('z0'), step);
  }

  /**
   * The real clips of one step (counted from 0), channels last: [batch, time, height, width,
   * channels].
   */
  real(step: number): { shape: [number, number, number, number, number]; data: Float32Array } {
    const real = this.array('real');
    const [, ...shape] = real.shape;
    return channelsLast(stepOf(real, step), shape);
  }

  /** The fake clips of the first step, channels last: [batch, time, height, width, channels]. */
  fake(): { shape: [number, number, number, number, number]; data: Float32Array } {
    const fake = this.array('step1/fake');
    return channelsLast(fake.data as Float32Array, fake.shape);
  }
}

/** Reads the reference run from this lib's data folder. */
export function loadReference(): Reference {
  return new Reference(parseNpz(readFileSync(new URL('../data/tgan-mini.npz', import.meta.url))));
}

function stepOf({ shape, data }: NpyArray, step: number): Float32Array {
  const size = data.length / shape[0];
  return (data as Float32Array).slice(step * size, (step + 1) * size);
}

/** (batch, channels, time, height, width) to (batch, time, height, width, channels). */
function channelsLast(data: Float32Array, shape: readonly number[]) {
  const [batch, channels, time, height, width] = shape;
  const pixels = time * height * width;
  const moved = new Float32Array(data.length);
  for (let n = 0; n < batch; n++) {
    for (let c = 0; c < channels; c++) {
      for (let p = 0; p < pixels; p++) {
        moved[(n * pixels + p) * channels + c] = data[(n * channels + c) * pixels + p];
      }
    }
  }
  return {
    shape: [batch, time, height, width, channels] as [number, number, number, number, number],
    data: moved,
  };
}
