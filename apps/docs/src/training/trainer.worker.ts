import { registerSimdBackend } from '@tgan/simd-backend';
import type { StepMetrics } from '@tgan/wgan-trainer';
import * as tf from '@tensorflow/tfjs';
import { expose } from 'comlink';
import { LiveRun, type LiveConfig } from './live-run.js';

/** The metrics of a step, and how long it took. */
export interface StepLine extends Pick<StepMetrics, 'step' | 'value' | 'real' | 'fake'> {
  readonly seconds: number;
}

/** Trains in a worker, so that the page stays responsive. */
class Trainer {
  #run?: LiveRun;
  #trains = false;
  /** What the run does now. Sampling swaps weights, so that nothing may happen beside it. */
  #last: Promise<unknown> = Promise.resolve();

  /**
   * Makes the run.
   *
   * @returns how many threads compute.
   */
  async start(config: LiveConfig, digits: Uint8Array): Promise<number> {
    tf.enableProdMode();
    const { threads } = await registerSimdBackend();
    await tf.setBackend('simd');
    this.#run = await LiveRun.start(config, digits);
    return threads;
  }

  /** Trains until the last step or `pause`, and calls `onStep` after each step. */
  async go(onStep: (line: StepLine) => void): Promise<void> {
    this.#trains = true;
    const { steps } = this.#started;
    while (this.#trains && this.#started.stepsDone < steps) {
      const began = performance.now();
      const { step, value, real, fake } = await this.#next((run) => run.step());
      onStep({ step, value, real, fake, seconds: (performance.now() - began) / 1000 });
      // Lets messages of the page in.
      await new Promise((resolve) => setTimeout(resolve));
    }
    this.#trains = false;
  }

  /** Stops training after the current step. */
  pause(): void {
    this.#trains = false;
  }

  samples() {
    return this.#next((run) => run.samples());
  }

  weights() {
    return this.#next((run) => run.weights());
  }

  get #started(): LiveRun {
    if (!this.#run) throw new Error('nothing is being trained');
    return this.#run;
  }

  /** Does something with the run once what came before is done. */
  #next<Result>(work: (run: LiveRun) => Promise<Result>): Promise<Result> {
    const result = this.#last.then(() => work(this.#started));
    this.#last = result.catch(() => {});
    return result;
  }
}

export type { Trainer };

expose(new Trainer());
