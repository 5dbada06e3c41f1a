import { once } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import { ClipLoader, type ClipBatch } from '@tgan/datasets';
import { writeFileAtomic } from '@tgan/files';
import { Random } from '@tgan/random';
import { selectBackend } from '@tgan/runtime';
import { createVideoModel, type VideoModel } from '@tgan/video-gan';
import { WganTrainer, type RealBatch, type StepMetrics } from '@tgan/wgan-trainer';
import * as tf from '@tensorflow/tfjs';
import { readCheckpoint, writeCheckpoint } from './checkpoint.js';
import { openClips } from './clips.js';
import type { RunConfig } from './config.js';
import { EventLog } from './event-log.js';
import { gameOf } from './game.js';
import { writeLabels } from './labels.js';
import { drawMetrics, metricsLine, type MetricsLine } from './metrics.js';
import { Progress } from './progress.js';
import type { RunFolder } from './run-folder.js';
import { writeSamples } from './samples.js';
import { stopSignal } from './signals.js';
import { saveNetworks } from './weights.js';

/** Parts of a run draw from streams of their own, so that one does not disturb another. */
const stream = { model: 1, data: 2, order: 3, latents: 4, samples: 5 };
const seedOf = (seed: number, part: keyof typeof stream) => new Random(seed, stream[part]).seed();

const log = (text: string) => process.stderr.write(`tgan: ${text}\n`);

/** Where a run is kept, and how it is to go. */
export interface TrainingRun {
  readonly config: RunConfig;
  /** Gives the run's folder, once everything else is known to be in order. */
  readonly folder: () => Promise<RunFolder>;
  /** Whether to go on from the folder's checkpoint. */
  readonly resume: boolean;
  /** Whether to end with a JSON object on standard output. */
  readonly json: boolean;
}

/** Trains until the last step or a signal, and leaves metrics, curves, samples, a checkpoint and the weights. */
export async function trainRun({ config, folder, resume, json }: TrainingRun): Promise<void> {
  const { seed, batchSize, steps } = config;
  const source = await openClips(config, seedOf(seed, 'data'));
  tf.enableProdMode();
  const backend = await selectBackend(config.backend);
  const model = createVideoModel({ ...config.model, seed: seedOf(seed, 'model') });
  const trainer = new WganTrainer(model, { ...gameOf(config), seed: seedOf(seed, 'latents') });
  const run = await folder();
  await writeLabels(run, config, source.classes);
  log(`${backend.runsOn}, ${backend.reason}`);
  log(`${countParameters(model).toLocaleString('en')} weights, run folder ${run.path}`);

  const history: MetricsLine[] = resume ? await readCheckpoint(run, trainer) : [];
  const position = trainer.stepsDone * trainer.batchesPerStep;
  const order = { batchSize, seed: seedOf(seed, 'order'), position, worker: true };
  const batches: AsyncIterator<ClipBatch> = new ClipLoader(source, order)[Symbol.asyncIterator]();
  const z0 = model.latents(config.sampleCount, new Random(seedOf(seed, 'samples')));

  const metrics = run.metricsWriter();
  const events = config.tensorboard ? await EventLog.open(run, trainer.stepsDone) : undefined;
  const signal = stopSignal();
  const progress = new Progress(steps, batchSize, trainer.stepsDone);
  let picture = '';
  try {
    while (trainer.stepsDone < steps && signal.exitCode === 0) {
      const result = await trainer.step(() => nextClips(batches, model));
      progress.update(result.step, describe(result));
      const line = metricsLine(result, progress.secondsPerStep);
      history.push(line);
      if (!metrics.write(`${JSON.stringify(line)}\n`)) await once(metrics, 'drain');
      await events?.step(trainer, result, line);
      // A step on one thread waits for nothing, so that signals, timers and files would never have their turn.
      await setImmediate();
      const last = result.step === steps;
      if (result.step % config.sampleEvery === 0 || last) {
        picture = await trainer.averaged(() => writeSamples(run, config, model, z0, result.step));
        await events?.samples(result.step, picture);
        const curves = drawMetrics(run.path, history);
        await writeFileAtomic(run.part('curves'), Buffer.from(curves));
      }
      if (result.step % config.checkpointEvery === 0 || last || signal.exitCode !== 0) {
        await writeCheckpoint(run, trainer);
      }
    }
  } finally {
    progress.stop();
    signal.release();
    await batches.return?.();
    await events?.close();
    metrics.end();
    await once(metrics, 'close');
  }
  const { stepsDone } = trainer;
  await trainer.averaged(() => saveNetworks(run, model));
  tf.dispose(z0);
  trainer.dispose();
  model.dispose();
  await source.close?.();
  if (signal.exitCode !== 0) {
    log(`stopped after step ${stepsDone}; tgan resume ${run.path} goes on`);
    process.exitCode = signal.exitCode;
  } else {
    log(`done; samples ${picture || run.part('samples')}, curves ${run.part('curves')}`);
  }
  if (json) {
    const last = history.at(-1);
    const summary = { run: run.path, backend: backend.name, samples: picture, last };
    process.stdout.write(`${JSON.stringify(summary)}\n`);
  }
}

/** The next real clips as tensors, with their labels where the model wants them. */
async function nextClips(
  batches: AsyncIterator<ClipBatch>,
  { options }: VideoModel,
): Promise<RealBatch> {
  const { clips, shape, labels } = (await batches.next()).value as ClipBatch;
  return {
    clips: tf.tensor5d(clips, shape),
    ...(options.classes && labels && { labels: tf.tensor1d(labels, 'int32') }),
  };
}

const countParameters = ({ networks }: VideoModel) =>
  Object.values(networks).reduce((sum, network) => sum + network.countParams(), 0);

const describe = ({ value, real, fake }: StepMetrics) =>
  `V ${value.toFixed(4)} (real ${real.toFixed(3)}, fake ${fake.toFixed(3)})`;
