import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parseNpy, Random } from '@tgan/core';
import { formatWeightsFile, weightsOf } from '@tgan/runs/weights';
import { models } from '@tgan/video-gan';
import * as tf from '@tensorflow/tfjs';
import sharp from 'sharp';
import { parse } from 'yaml';

const execute = promisify(execFile);

/** The codec, width, height, frames per second and number of frames of a video, by ffprobe. */
export async function probe(path) {
  const entries = 'stream=codec_name,width,height,avg_frame_rate,nb_read_frames';
  const args = ['-v', 'error', '-count_frames', '-show_entries', entries, '-of', 'json', path];
  const { stdout } = await execute('ffprobe', args);
  const [stream] = JSON.parse(stdout).streams;
  const [frames, seconds] = stream.avg_frame_rate.split('/');
  const rate = frames / seconds;
  return [stream.codec_name, stream.width, stream.height, rate, Number(stream.nb_read_frames)];
}

/** The format, width, height, delays and number of frames of a picture, by sharp. */
export async function sharpFacts(path) {
  const picture = sharp(path, { animated: true });
  const { format, width, height, pageHeight = height, delay, pages = 1 } = await picture.metadata();
  await picture.stats(); // All pixels can be decoded.
  return [format, width, pageHeight, delay, pages];
}

export const readNpy = async (path) => parseNpy(await readFile(path));

/** The largest difference of two arrays; Infinity when they have not the same number of values. */
export const largestDifference = (a, b) =>
  a.data.length === b.data.length
    ? a.data.reduce((most, value, i) => Math.max(most, Math.abs(value - b.data[i])), 0)
    : Infinity;

/** The site's model, opened as Node does, without anything of the page. */
export async function openTinyModel(folder) {
  await tf.setBackend('cpu');
  const config = parse(await readFile(join(folder, 'config.yaml'), 'utf8'));
  const keys = Object.keys(models.get(config.model).options.shape);
  const options = Object.fromEntries(Object.entries(config).filter(([key]) => keys.includes(key)));
  const model = await models.create(config.model, options, { seed: 0 });
  for (const [name, network] of Object.entries(model.networks)) {
    if (network !== model.critic) await readWeights(network, join(folder, 'models', name));
  }
  return {
    /** Videos of a seed, as in `tgan sample`. */
    async sample(seed, labels) {
      const mode = { labels: tf.tensor1d(labels, 'int32') };
      const made = tf.tidy(() => model.sample(labels.length, new Random(seed), mode));
      const values = { data: await made.data(), shape: made.shape };
      tf.dispose([made, mode.labels]);
      return values;
    },
    /** What `tgan export --format safetensors` writes. */
    safetensors: async () =>
      formatWeightsFile({ config, labels: [], arrays: await weightsOf(model) }),
    dispose: () => model.dispose(),
  };
}

async function readWeights(network, folder) {
  const json = JSON.parse(await readFile(join(folder, 'model.json'), 'utf8'));
  const bin = await readFile(join(folder, 'weights.bin'));
  const bytes = bin.buffer.slice(bin.byteOffset, bin.byteOffset + bin.length);
  const specs = json.weightsManifest.flatMap(({ weights }) => weights);
  const values = tf.io.decodeWeights(bytes, specs);
  network.setWeights(specs.map(({ name }) => values[name]));
  tf.dispose(values);
}
