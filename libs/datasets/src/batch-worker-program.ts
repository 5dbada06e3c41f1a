// The program of the thread that a BatchWorker starts. It opens the source and answers each number
// of a batch with that batch, one after the other.
import { parentPort, workerData } from 'node:worker_threads';
import { Batches, type BatchOrder, type ClipBatch } from './batches.js';
import type { ClipSource, SourceRecipe } from './clip-source.js';
import { DatasetError } from './error.js';
import { movingMnist } from './moving-mnist.js';
import { movingMnistFile } from './moving-mnist-file.js';
import { packed } from './packed.js';
import { thrown, type Thrown } from './thrown.js';

/** What the thread gets when it begins. */
export interface Assignment {
  readonly recipe: SourceRecipe;
  readonly order: BatchOrder;
  /** As JSON, of the source that the thread has to find. */
  readonly provenance: string;
}

/** What the thread sends for each number of a batch. */
export type Answer =
  | { readonly used: number; readonly batch: ClipBatch }
  | { readonly used: number; readonly failure: Thrown };

const { recipe, order, provenance } = workerData as Assignment;

type Opener = (...given: unknown[]) => ClipSource | Promise<ClipSource>;
const openers = { movingMnist, movingMnistFile, packed } as Record<SourceRecipe['open'], Opener>;

async function open({ open, given }: SourceRecipe): Promise<ClipSource> {
  const source = await openers[open](...given);
  if (JSON.stringify(source.provenance) !== provenance) {
    throw new DatasetError(`${String(given[0])}: is another file than it was when it was opened`);
  }
  return source;
}

const batches = open(recipe).then((source) => new Batches(source, order));
batches.catch(() => {}); // reported to whoever asks for a batch

async function answer(used: number): Promise<void> {
  try {
    const batch = await (await batches).at(used);
    const parts = [batch.clips, ...(batch.labels ? [batch.labels] : [])];
    const buffers = parts.map(({ buffer }) => buffer as ArrayBuffer);
    send({ used, batch }, buffers);
  } catch (error) {
    send({ used, failure: thrown(error) });
  }
}

/** The buffers move to the other thread and are not copied. */
const send = (answer: Answer, buffers: ArrayBuffer[] = []) =>
  parentPort!.postMessage(answer, buffers);

let turn = Promise.resolve();
parentPort!.on('message', (used: number) => (turn = turn.then(() => answer(used))));
