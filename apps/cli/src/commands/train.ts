import { once } from 'node:events';
import { basename, extname } from 'node:path';
import { ClipLoader, type ClipBatch } from '@tgan/datasets';
import { writeFileAtomic } from '@tgan/files';
import { Random } from '@tgan/random';
import { selectBackend } from '@tgan/runtime';
import { createVideoModel, type VideoModel } from '@tgan/video-gan';
import {
  crossEntropy,
  hinge,
  leastSquares,
  singularValueClipping,
  unconstrained,
  wasserstein,
  weightClipping,
  WganTrainer,
  type Game,
  type RealBatch,
  type StepMetrics,
} from '@tgan/wgan-trainer';
import * as tf from '@tensorflow/tfjs';
import { openClips } from '../clips.js';
import type { RunConfig } from '../config.js';
import { drawCurves } from '../curves.js';
import { metricsCurves, metricsLine, type MetricsLine } from '../metrics.js';
import { pleasantScale, writePicture } from '../pictures.js';
import { loadConfig } from '../presets.js';
import { Progress } from '../progress.js';
import { RunFolder } from '../run-folder.js';
import { saveNetworks } from '../weights.js';

/** What `tgan train` takes beside the configuration's own flags. */
export interface TrainOptions {
  /** The run folder; by default the first free one in runs/. */
  readonly out?: string;
  /** Whether to end with a JSON object on standard output. */
  readonly json?: boolean;
}

/** Parts of a run draw from streams of their own, so that one does not disturb another. */
const stream = { model: 1, data: 2, order: 3, latents: 4, samples: 5 };
const seedOf = (seed: number, part: keyof typeof stream) => new Random(seed, stream[part]).seed();

/** Trains a Temporal GAN and leaves a run folder: metrics, curves, samples and weights. */
export async function train(
  preset: string,
  flags: Record<string, unknown>,
  { out, json = false }: TrainOptions,
): Promise<void> {
  const config = await loadConfig(preset, flags);
  const source = await openClips(config, seedOf(config.seed, 'data'));
  tf.enableProdMode();
  const backend = await selectBackend(config.backend);
  const model = createVideoModel({ ...config.model, seed: seedOf(config.seed, 'model') });
  const run = await RunFolder.create(
    out ?? (await RunFolder.firstFree(basename(preset, extname(preset)))),
    config,
  );
  const log = (text: string) => process.stderr.write(`${text}\n`);
  log(`tgan: ${backend.runsOn}, ${backend.reason}`);
  log(`tgan: ${countParameters(model).toLocaleString('en')} weights, run folder ${run.path}`);

  const trainer = new WganTrainer(model, {
    learningRate: config.learningRate,
    criticSteps: config.criticSteps,
    clipEvery: config.clipEvery,
    seed: seedOf(config.seed, 'latents'),
    ...gameOf(config),
  });
  const loader = new ClipLoader(source, {
    batchSize: config.batchSize,
    seed: seedOf(config.seed, 'order'),
  });
  const batches = loader[Symbol.asyncIterator]();
  const z0 = model.latents(config.sampleCount, new Random(seedOf(config.seed, 'samples')));
  const metrics = run.metricsWriter();
  const history: MetricsLine[] = [];
  const progress = new Progress(config.steps, config.batchSize);
  let picture = '';
  try {
    for (let step = 1; step <= config.steps; step++) {
      const result = await trainer.step(() => nextClips(batches, model));
      const line = metricsLine(result, progress.secondsPerStep);
      history.push(line);
      if (!metrics.write(`${JSON.stringify(line)}\n`)) await once(metrics, 'drain');
      progress.update(step, describe(result));
      if (step % config.sampleEvery === 0 || step === config.steps) {
        picture = await writeSamples(run, config, model, z0, step);
        await writeCurves(run, history);
      }
    }
  } finally {
    progress.stop();
    metrics.end();
    await once(metrics, 'close');
  }
  await saveNetworks(run, model);
  tf.dispose(z0);
  trainer.dispose();
  model.dispose();
  await source.close?.();
  log(`tgan: done; samples ${picture}, curves ${run.part('curves')}`);
  if (json) {
    const summary = {
      run: run.path,
      backend: backend.name,
      samples: picture,
      last: history.at(-1),
    };
    process.stdout.write(`${JSON.stringify(summary)}\n`);
  }
}

/** The objective and the constraint by the names that the configuration has for them. */
function gameOf({ objective, constraint, weightLimit, clipEvery }: RunConfig): Game {
  const objectives = { wasserstein, normal: crossEntropy, 'least-squares': leastSquares, hinge };
  const constraints = {
    svc: singularValueClipping(clipEvery),
    'weight-clipping': weightClipping(weightLimit),
    none: unconstrained,
  };
  return { objective: objectives[objective], constraint: constraints[constraint] };
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

async function writeSamples(
  run: RunFolder,
  { sampleFormat, model: { imageSize } }: RunConfig,
  model: VideoModel,
  z0: tf.Tensor2D,
  step: number,
): Promise<string> {
  const videos = tf.tidy(() => model.generate(z0, { labels: everyLabel(model, z0.shape[0]) }));
  const name = `step-${String(step).padStart(7, '0')}`;
  const look = { scale: pleasantScale(imageSize), fps: 10 };
  const moving = run.part('samples', `${name}.${sampleFormat}`);
  await writePicture(moving, videos, sampleFormat, look);
  await writePicture(run.part('samples', `${name}.png`), videos, 'png', { ...look, scale: 1 });
  videos.dispose();
  return moving;
}

/** For a conditional model, each label in turn. */
function everyLabel({ options: { classes = 0 } }: VideoModel, count: number) {
  if (classes === 0) return undefined;
  return tf.tensor1d(
    Int32Array.from({ length: count }, (_, i) => i % classes),
    'int32',
  );
}

async function writeCurves(run: RunFolder, history: readonly MetricsLine[]): Promise<void> {
  await writeFileAtomic(
    run.part('curves'),
    Buffer.from(drawCurves(run.path, metricsCurves(history))),
  );
}

const countParameters = ({ networks }: VideoModel) =>
  Object.values(networks).reduce((sum, network) => sum + network.countParams(), 0);

const describe = ({ value, real, fake }: StepMetrics) =>
  `V ${value.toFixed(4)} (real ${real.toFixed(3)}, fake ${fake.toFixed(3)})`;
