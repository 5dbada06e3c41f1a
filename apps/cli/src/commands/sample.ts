import { extname } from 'node:path';
import { Random } from '@tgan/random';
import { selectBackend } from '@tgan/runtime';
import { createVideoModel } from '@tgan/video-gan';
import * as tf from '@tensorflow/tfjs';
import { UsageError } from '../errors.js';
import { pleasantScale, writePicture, type PictureFormat } from '../pictures.js';
import { RunFolder } from '../run-folder.js';
import { loadGenerator } from '../weights.js';

/** What `tgan sample` takes. */
export interface SampleOptions {
  readonly count: number;
  readonly seed: number;
  /** For a conditional model: what to make. */
  readonly label?: number;
  /** The picture to write; its ending says which kind. */
  readonly out: string;
  readonly scale?: number;
  readonly fps: number;
  readonly backend: string;
  readonly json?: boolean;
}

/** Makes new videos with the generator of a run and writes them as one picture. */
export async function sample(folder: string, options: SampleOptions): Promise<void> {
  const format = formatOf(options.out);
  const { run, config } = await RunFolder.open(folder);
  tf.enableProdMode();
  await selectBackend(options.backend);
  const gan = createVideoModel(config.model);
  await loadGenerator(run, gan);
  const videos = tf.tidy(() =>
    gan.sample(options.count, new Random(options.seed), {
      labels: labelsOf(options),
    }),
  );
  const scale = options.scale ?? pleasantScale(gan.options.imageSize);
  await writePicture(options.out, videos, format, { scale, fps: options.fps });
  videos.dispose();
  gan.dispose();
  process.stderr.write(`tgan: ${options.count} videos in ${options.out}\n`);
  if (options.json) process.stdout.write(`${JSON.stringify({ picture: options.out })}\n`);
}

function labelsOf({ label, count }: SampleOptions): tf.Tensor1D | undefined {
  if (label === undefined) return undefined;
  return tf.tensor1d(new Int32Array(count).fill(label), 'int32');
}

function formatOf(path: string): PictureFormat {
  const format = extname(path).slice(1).toLowerCase();
  if (format === 'gif' || format === 'webp' || format === 'png') return format;
  throw new UsageError(`--out ${path}: the ending must be .gif, .webp or .png`);
}
