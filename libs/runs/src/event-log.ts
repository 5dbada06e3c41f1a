import { readFile } from 'node:fs/promises';
import { EventFileWriter } from '@tgan/event-files';
import type { StepMetrics, WganTrainer } from '@tgan/wgan-trainer';
import type { MetricsLine } from './metrics-log.js';
import type { RunFolder } from './run-folder.js';

/** Steps between two histograms of a kernel at least: TensorBoard draws a few hundred in all. */
const HISTOGRAM_EVERY = 100;

/** The event files of a run for TensorBoard, in its folder `tensorboard`. */
export class EventLog {
  readonly #events: EventFileWriter;
  #histogramsAt = -Infinity;

  private constructor(events: EventFileWriter) {
    this.#events = events;
  }

  /**
   * Begins an event file. TensorBoard then ignores the repeated steps of earlier files of a resumed
   * run.
   *
   * @param stepsDone - of the checkpoint that the run resumes from; 0 for a new run.
   */
  static async open(run: RunFolder, stepsDone: number): Promise<EventLog> {
    const resumeAt = stepsDone + 1;
    return new EventLog(await EventFileWriter.open(run.part('tensorboard'), { resumeAt }));
  }

  /**
   * Adds what metrics.jsonl says of a step, the learning rates, and now and then the spectrum of
   * each clipped kernel.
   */
  async step(
    trainer: Pick<WganTrainer, 'learningRates'>,
    { clipping }: StepMetrics,
    line: MetricsLine,
  ): Promise<void> {
    const { step, value, real, fake, seconds, singularValues, operatorNorms, kernelNorms } = line;
    this.#events.scalars(step, {
      value,
      'scores/real': real,
      'scores/fake': fake,
      ...(seconds > 0 && { 'speed/steps per second': 1 / seconds }),
      ...prefixed('learning rate/', trainer.learningRates(step)),
      ...prefixed('singular values/', singularValues),
      ...prefixed('operator norms/', operatorNorms),
      ...(line.distance !== undefined && { distance: line.distance }),
      ...prefixed('kernel norms/', kernelNorms),
      ...(line.frechetDistance !== undefined && { 'frechet distance': line.frechetDistance }),
      ...prefixed('readable/', line.readable),
    });
    if (clipping && step - this.#histogramsAt >= HISTOGRAM_EVERY) {
      this.#histogramsAt = step;
      for (const { name, spectrum } of clipping.kernels) {
        this.#events.histogram(step, `spectrum/${name}`, spectrum);
      }
    }
    await this.#events.flush();
  }

  /** Adds a sheet of samples. TensorBoard cannot show WebP, so it gets the strip instead. */
  async samples(step: number, path: string): Promise<void> {
    this.#events.image(step, 'samples', await readFile(path.replace(/\.webp$/, '.png')));
    await this.#events.flush();
  }

  /** Writes the rest to the disk. */
  close(): Promise<void> {
    return this.#events.close();
  }
}

const prefixed = (prefix: string, values: { readonly [name: string]: number } = {}) =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [prefix + name, value]));
