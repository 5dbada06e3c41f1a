import * as tf from '@tensorflow/tfjs';
import type { EventFileWriter } from './event-file-writer.js';

/** Options of {@link EventFileCallback}. */
export interface EventFileCallbackOptions {
  /** Whether the numbers of each batch are written too, as `batch/loss`. Default false. */
  readonly batches?: boolean;
}

/**
 * Writes what `model.fit` measures to an event file: the loss, the metrics, and those of the
 * validation data (`val_loss`), by epoch, counted from 1. `fitDataset` takes it, too.
 *
 * It hands the file to the operating system after each epoch. The caller closes the writer.
 *
 * @example
 * ```ts
 * const events = await EventFileWriter.open('logs/first');
 * await model.fit(xs, ys, { epochs: 10, callbacks: [new EventFileCallback(events)] });
 * await events.close();
 * ```
 */
export class EventFileCallback extends tf.Callback {
  readonly #events: EventFileWriter;
  readonly #writesBatches: boolean;
  #batches = 0;

  constructor(events: EventFileWriter, { batches = false }: EventFileCallbackOptions = {}) {
    super();
    this.#events = events;
    this.#writesBatches = batches;
  }

  override async onBatchEnd(_batch: number, logs?: Measured): Promise<void> {
    this.#batches++;
    // `batch` and `size` are no measurements.
    const { batch: _index, size: _size, ...measured } = logs ?? {};
    if (this.#writesBatches) await this.#write(this.#batches, 'batch/', measured);
  }

  override async onEpochEnd(epoch: number, logs?: Measured): Promise<void> {
    await this.#write(epoch + 1, '', logs ?? {});
    await this.#events.flush();
  }

  async #write(step: number, prefix: string, measured: Measured): Promise<void> {
    const values: Record<string, number> = {};
    for (const [name, value] of Object.entries(measured)) {
      // tfjs leaves the numbers of a batch on the device until someone reads them.
      values[prefix + name] = typeof value === 'number' ? value : (await value.data())[0];
    }
    this.#events.scalars(step, values);
  }
}

/** What tfjs measures, by name. */
type Measured = Readonly<Record<string, number | tf.Scalar>>;
