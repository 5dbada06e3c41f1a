import { unreachableLayer } from '@tgan/core';
import { fileReason } from '@tgan/core/node';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { makeFolder, writeFileAtomic } from './write-file.js';

/** The files of a model are missing or damaged. The message says which, and how. */
export class ModelFileError extends Error {
  override readonly name = 'ModelFileError';
}

/**
 * Saves a model as `model.json` and `weights.bin` in a folder: tfjs's own format, that
 * `tf.loadLayersModel('https://.../model.json')` reads in a browser. Unlike tfjs's `file://` it
 * needs no tfjs-node.
 *
 * The folder is created if needed. Each file is replaced as a whole.
 */
export async function saveModel(model: tf.LayersModel, folder: string): Promise<void> {
  await makeFolder(folder);
  for (const [name, bytes] of await modelFiles(model)) {
    await writeFileAtomic(join(folder, name), bytes);
  }
}

/**
 * The files of {@link saveModel} by name, weights first.
 *
 * @throws ModelFileError when a weight is NaN or infinite.
 */
export async function modelFiles(model: tf.LayersModel): Promise<Map<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  await model.save(
    tf.io.withSaveHandler(async (artifacts) => {
      const { weightData, weightSpecs, ...topology } = artifacts;
      const weights = tf.io.CompositeArrayBuffer.join(weightData);
      const manifest = [{ paths: ['weights.bin'], weights: weightSpecs }];
      files.set('weights.bin', new Uint8Array(weights));
      const json = JSON.stringify({ ...topology, weightsManifest: manifest });
      files.set('model.json', Buffer.from(json));
      return { modelArtifactsInfo: tf.io.getModelArtifactsInfoForJSON(artifacts) };
    }),
  );
  requireFinite(model, model.name);
  return files;
}

/** @throws ModelFileError when a weight is NaN or infinite. */
function requireFinite(model: tf.LayersModel, subject: string): void {
  for (const weight of model.weights) {
    if (weight.read().dataSync().every(Number.isFinite)) continue;
    throw new ModelFileError(`${subject}: ${weight.originalName} holds NaN or infinity`);
  }
}

/**
 * Reads what {@link saveModel} wrote. Custom layers must be registered, by importing their library.
 *
 * @throws ModelFileError when a file is missing, is not a model, or has the wrong number of
 * weights.
 */
export async function loadModel(folder: string): Promise<tf.LayersModel> {
  const json = join(folder, 'model.json');
  const bin = join(folder, 'weights.bin');
  const text = await read(json);
  const bytes = await read(bin);
  const { weightsManifest, ...topology } = parse(text.toString(), json);
  const weightSpecs = weightsManifest.flatMap((group) => group?.weights);
  if (!weightSpecs.every(isWeightSpec)) {
    throw new ModelFileError(`${json} is damaged: its weightsManifest is not one of TensorFlow.js`);
  }
  const expected = weightSpecs.reduce(
    (sum, { shape, dtype }) =>
      sum + tf.util.sizeFromShape(shape) * tf.util.bytesPerElement(dtype as tf.DataType),
    0,
  );
  if (bytes.length !== expected) {
    throw new ModelFileError(`${bin} has ${bytes.length} bytes where its model needs ${expected}`);
  }
  const weightData = new Uint8Array(bytes).buffer;
  const stuck = unreachableLayer(topology.modelTopology);
  if (stuck !== undefined) {
    throw new ModelFileError(`${json} is damaged: the inputs of its layer ${stuck} never come`);
  }
  let model: tf.LayersModel;
  try {
    model = await tf.loadLayersModel(tf.io.fromMemory({ ...topology, weightSpecs, weightData }));
  } catch (error) {
    const why = error instanceof RangeError ? 'its layers are too large' : fileReason(error);
    throw new ModelFileError(`${json} is damaged: ${why}`, { cause: error });
  }
  requireFinite(model, bin);
  return model;
}

function isWeightSpec(spec: unknown): spec is tf.io.WeightsManifestEntry {
  const { name, shape, dtype } = (spec ?? {}) as Partial<tf.io.WeightsManifestEntry>;
  return (
    typeof name === 'string' &&
    ['float32', 'int32', 'bool'].includes(dtype!) &&
    Array.isArray(shape) &&
    shape.every((size) => Number.isSafeInteger(size) && size >= 0)
  );
}

async function read(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    throw new ModelFileError(`cannot read ${path}: ${fileReason(error)}`, { cause: error });
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
