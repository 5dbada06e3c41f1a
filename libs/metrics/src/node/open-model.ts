import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { unreachableLayer } from '@tgan/core';
import { fileReason } from '@tgan/core/node';
import * as tf from '@tensorflow/tfjs';
import { MetricsError } from '../errors.js';
import type { FeatureExtractor } from '../extractor.js';
import { modelExtractor } from '../extractors/model-extractor.js';
import type { ExtractorOptions } from '../extractors/network-extractor.js';
import { sha256 } from '../sha256.js';

/**
 * Opens a TensorFlow.js model as an extractor: layers or a graph, in one or more files of weights.
 * Custom layers must be registered; importing the lib that has them does that.
 *
 * @param path - its `model.json`, or the folder that holds that.
 * @param options - how clips are fitted, and which outputs are taken.
 * @throws MetricsError when a file is missing, damaged or no model, and as `modelExtractor` does.
 */
export async function openModelExtractor(
  path: string,
  options?: ExtractorOptions,
): Promise<FeatureExtractor> {
  const json = (await isFolder(path)) ? join(path, 'model.json') : path;
  const bytes = await read(json);
  const { weightsManifest, ...topology } = parse(bytes, json);
  const weightSpecs = weightsManifest.flatMap(({ weights }) => weights);
  const shards = await Promise.all(
    weightsManifest.flatMap(({ paths }) => paths).map((file) => read(join(dirname(json), file))),
  );
  const found = shards.reduce((sum, { length }) => sum + length, 0);
  const needed = weightSpecs.reduce((sum, spec) => sum + bytesOf(spec), 0);
  if (found !== needed) {
    throw new MetricsError(`${json}: the weights have ${found} bytes, the model needs ${needed}`);
  }
  const fingerprint = await sha256(bytes, ...shards);
  const stuck = unreachableLayer(topology.modelTopology);
  if (stuck !== undefined) {
    throw new MetricsError(`${json}: the inputs of its layer ${stuck} never come`);
  }
  const weightData = new Uint8Array(Buffer.concat(shards)).buffer;
  const artifacts = tf.io.fromMemory({ ...topology, weightSpecs, weightData });
  const isGraph = topology.format === 'graph-model' || 'node' in topology.modelTopology;
  const model = await (
    isGraph ? tf.loadGraphModel(artifacts) : tf.loadLayersModel(artifacts)
  ).catch((error: Error) => {
    throw new MetricsError(`${json}: ${oneLine(error)}`, { cause: error });
  });
  return modelExtractor(model, { name: nameOf(json), fingerprint }, options);
}

/** The first line of an error's message. */
export function oneLine({ message }: Error): string {
  return message.split('\n')[0].trim();
}

/** @throws MetricsError that names the file. */
async function read(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    throw new MetricsError(`cannot read the extractor ${path}: ${fileReason(error)}`, {
      cause: error,
    });
  }
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

function parse(bytes: Uint8Array, path: string): tf.io.ModelJSON {
  try {
    const model = JSON.parse(Buffer.from(bytes).toString()) as tf.io.ModelJSON;
    if (Array.isArray(model.weightsManifest) && model.modelTopology) return model;
  } catch {
    // Falls through: what is no JSON is no model either.
  }
  throw new MetricsError(`${path} is not a TensorFlow.js model`);
}

function bytesOf({ shape, dtype, quantization }: tf.io.WeightsManifestEntry): number {
  const stored = quantization?.dtype ?? dtype;
  const each = { float32: 4, int32: 4, complex64: 8, float16: 2, uint16: 2, uint8: 1, bool: 1 };
  if (!(stored in each)) throw new MetricsError(`weights of ${stored} are not supported`);
  return tf.util.sizeFromShape(shape) * each[stored as keyof typeof each];
}

/** `i3d/model.json` is called `i3d`. */
function nameOf(json: string): string {
  return basename(json) === 'model.json' ? basename(dirname(resolve(json))) : basename(json);
}
