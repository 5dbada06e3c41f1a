import { ClipLoader, type ClipBatch } from '@tgan/datasets';
import { Random } from '@tgan/core';
import { selectBackend } from '@tgan/runs';
import { createVideoModel, type VideoModel } from '@tgan/video-gan';
import { WganTrainer, type RealBatch } from '@tgan/wgan-trainer';
import * as tf from '@tensorflow/tfjs';
import type { Checkpoint } from './checkpoint-file.js';
import { ClipDistance } from './clip-distance.js';
import { openClips } from './clips.js';
import type { RunConfig } from './config.js';
import { withAdvice } from './divergence.js';
import { recordData } from './data-record.js';
import { gameOf } from './game.js';
import { writeLabels } from './labels.js';
import { log } from './log.js';
import { Progress } from './progress.js';
import type { RunFolder } from './run-folder.js';
import { RunRecord } from './run-record.js';
import { stopSignal } from './signals.js';
import { otherBits } from './versions.js';

/** Parts of a run draw from streams of their own, so that one does not disturb another. */
const stream = { model: 1, data: 2, order: 3, latents: 4, samples: 5, distance: 6 };
const seedOf = (seed: number, part: keyof typeof stream) => new Random(seed, stream[part]).seed();

/** Where a run is kept, and how it is to go. */
export interface TrainingRun {
  readonly config: RunConfig;
  /** Gives the run's folder, once everything else is known to be in order. */
  readonly folder: () => Promise<RunFolder>;
  /** Where to go on from; missing for a new run. */
  readonly checkpoint?: Checkpoint;
  /** Whether to be quiet, and end with a JSON object on standard output. */
  readonly json: boolean;
}

/** Trains until the last step or a signal. The run's folder has it all: see {@link RunRecord}. */
export async function trainRun(training: TrainingRun): Promise<void> {
  const { config, checkpoint, json } = training;
  const { seed, batchSize, steps } = config;
  const source = await openClips(config, seedOf(seed, 'data'));
  tf.enableProdMode();
  const backend = await selectBackend(config.backend);
  const model = createVideoModel({ ...config.model, seed: seedOf(seed, 'model') });
  const trainer = new WganTrainer(model, { ...gameOf(config), seed: seedOf(seed, 'latents') });
  if (checkpoint) trainer.restore(checkpoint.state);

  const run = await training.folder();
  await writeLabels(run, config, source.classes);
  await recordData(run, source);
  log(`${backend.runsOn}, ${backend.reason}`);
  log(`${countParameters(model).toLocaleString('en')} weights, run folder ${run.path}`);
  if (checkpoint) otherBits(checkpoint, backend.name).forEach(log);

  let position = checkpoint?.position ?? 0;
  const order = { batchSize, seed: seedOf(seed, 'order'), position, worker: true };
  const batches: AsyncIterator<ClipBatch> = new ClipLoader(source, order)[Symbol.asyncIterator]();
  const nextBatch = async () => {
    const batch = (await batches.next()).value as ClipBatch;
    position = batch.position;
    return toTensors(batch, model);
  };

  const distance = await ClipDistance.open(source, model, seedOf(seed, 'distance'));
  const record = await RunRecord.begin({
    ...{ run, config, trainer, distance },
    backend: backend.name,
    sampleSeed: seedOf(seed, 'samples'),
  });
  const clips = batchSize * trainer.batchesPerStep;
  const progress = new Progress({ steps, clips, done: trainer.stepsDone, quiet: json });
  const signal = stopSignal(() => {
    progress.clear();
    log('stops after this step, with a checkpoint; a second signal quits at once');
  });
  try {
    while (trainer.stepsDone < steps && signal.exitCode === 0) {
      const began = performance.now();
      const result = await trainer.step(nextBatch);
      // Waiting for the disk gives signals their turn, also where a step waits for nothing.
      await record.add(result, (performance.now() - began) / 1000, position);
      progress.update(record.last!);
    }
    progress.stop();
    await record.end(position);
  } catch (error) {
    await record.abandon();
    throw await withAdvice(error, trainer.stepsDone, run, config);
  } finally {
    progress.stop();
    signal.release();
    await batches.return?.();
    await source.close?.();
  }
  distance.dispose();
  trainer.dispose();
  model.dispose();

  if (signal.exitCode !== 0) {
    log(`stopped after step ${trainer.stepsDone}; tgan resume ${run.path} goes on`);
    process.exitCode = signal.exitCode;
  } else {
    const samples = record.samples || run.part('samples');
    log(`done; samples ${samples}, curves ${run.part('curves')}, best step ${record.best}`);
  }
  if (json) {
    const { samples, last, best } = record;
    process.stdout.write(
      `${JSON.stringify({ run: run.path, backend: backend.name, samples, last, best })}\n`,
    );
  }
}

/** A batch of real clips as tensors, with their labels where the model wants them. */
function toTensors({ clips, shape, labels }: ClipBatch, { options }: VideoModel): RealBatch {
  return {
    clips: tf.tensor5d(clips, shape),
    ...(options.classes && labels && { labels: tf.tensor1d(labels, 'int32') }),
  };
}

const countParameters = ({ networks }: VideoModel) =>
  Object.values(networks).reduce((sum, network) => sum + network.countParams(), 0);
