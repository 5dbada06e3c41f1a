import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import type { VideoModel } from '@tgan/video-gan';
import type { RunFolder } from './run-folder.js';
import { makeFolder, writeFileAtomic } from './write-file.js';

/** A model's files are missing or damaged. The message says which file and how. */
export class ModelFileError extends Error {
  override readonly name = 'ModelFileError';
}

/**
 * Saves a model as `model.json` and `weights.bin` in a folder: tfjs's own format, that
 * `tf.loadLayersModel('https://.../model.json')` reads in a browser. Unlike tfjs's `file://` it needs no tfjs-node.
 *
 * The folder is made if need be; each file is replaced whole.
 */
export async function saveModel(model: tf.LayersModel, folder: string): Promise<void> {
  await makeFolder(folder);
  await model.save(
    tf.io.withSaveHandler(async (artifacts) => {
      const { weightData, weightSpecs, ...topology } = artifacts;
      const weights = tf.io.CompositeArrayBuffer.join(weightData);
      const manifest = [{ paths: ['weights.bin'], weights: weightSpecs }];
      await writeFileAtomic(join(folder, 'weights.bin'), new Uint8Array(weights));
      await writeFileAtomic(
        join(folder, 'model.json'),
        Buffer.from(JSON.stringify({ ...topology, weightsManifest: manifest })),
      );
      return { modelArtifactsInfo: tf.io.getModelArtifactsInfoForJSON(artifacts) };
    }),
  );
}

/**
 * Reads what {@link saveModel} wrote. Custom layers must be registered: importing the lib that has them does that.
 *
 * @throws ModelFileError when a file is missing, is no model, or has not as many weights as the model needs.
 */
export async function loadModel(folder: string): Promise<tf.LayersModel> {
  const json = join(folder, 'model.json');
  const bin = join(folder, 'weights.bin');
  const [text, bytes] = await Promise.all([read(json), read(bin)]);
  const { weightsManifest, ...topology } = parse(text.toString(), json);
  const weightSpecs = weightsManifest.flatMap((group) => group.weights);
  const expected = weightSpecs.reduce(
    (sum, { shape, dtype }) =>
      sum + tf.util.sizeFromShape(shape) * tf.util.bytesPerElement(dtype as tf.DataType),
    0,
  );
  if (bytes.length !== expected) {
    throw new ModelFileError(`${bin} has ${bytes.length} bytes where its model needs ${expected}`);
  }
  const weightData = new Uint8Array(bytes).buffer;
  try {
    return await tf.loadLayersModel(tf.io.fromMemory({ ...topology, weightSpecs, weightData }));
  } catch (error) {
    throw new ModelFileError(`${json}: ${(error as Error).message}`, { cause: error });
  }
}

/** Saves every network of a model in its run folder, each readable by `tf.loadLayersModel`. */
export async function saveNetworks(run: RunFolder, model: VideoModel): Promise<void> {
  for (const [name, network] of Object.entries(model.networks)) {
    await saveModel(network, run.part('models', name));
  }
}

/**
 * Gives a fresh model the weights that its run's generator ended with.
 *
 * @throws ModelFileError when they are missing or damaged.
 */
export async function loadGenerator(run: RunFolder, model: VideoModel): Promise<void> {
  const { critic: _critic, ...generators } = model.networks;
  await loadInto(run, generators);
}

/**
 * Gives a fresh model the weights that its run ended with, the critic's too.
 *
 * @throws ModelFileError when they are missing or damaged.
 */
export async function loadNetworks(run: RunFolder, model: VideoModel): Promise<void> {
  await loadInto(run, model.networks);
}

async function loadInto(run: RunFolder, networks: VideoModel['networks']): Promise<void> {
  for (const [name, network] of Object.entries(networks)) {
    const trained = await loadModel(run.part('models', name));
    network.setWeights(trained.getWeights());
    trained.dispose();
  }
}

async function read(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    throw new ModelFileError(`cannot read ${path}: ${(error as Error).message}`, { cause: error });
  }
}

function parse(text: string, path: string): tf.io.ModelJSON {
  try {
    const model = JSON.parse(text) as tf.io.ModelJSON;
    if (Array.isArray(model.weightsManifest) && model.modelTopology) return model;
  } catch {
    // falls through: no JSON is no model either
  }
  throw new ModelFileError(`${path} is not a TensorFlow.js layers model`);
}
