import { readFile } from 'node:fs/promises';
import { dirname, extname, resolve } from 'node:path';
import { parseOptions } from '@tgan/core';
import { fileReason } from '@tgan/core/node';
import { extractorOptions, type FeatureExtractor } from '@tgan/metrics';
import {
  loadMovingMnistExtractor,
  openModelExtractor,
  openOnnxExtractor,
} from '@tgan/metrics/node';
import * as z from 'zod';
import { UsageError } from '../errors.js';
import type { JudgeData } from './judge-data.js';

/** What a YAML file says of an extractor: where its network is, and how clips are fitted to it. */
const description = extractorOptions.omit({ mean: true }).extend({
  model: z.string().describe('the network: an ONNX file, a model.json, or the folder with one'),
});

/**
 * Opens the extractor that finds the features of clips.
 *
 * @param path - an ONNX file, a TensorFlow.js model, or a YAML file that names one of them as
 * `model` and says how clips are fitted to it. Default: the one that comes with tgan, which reads
 * Moving MNIST.
 * @returns the extractor, the caller's to dispose of; undefined where no path is given and none
 * fits.
 * @throws MetricsError when it is missing, damaged, or takes no clips; OptionsError or UsageError
 * when the YAML file is wrong.
 */
export async function openExtractor(
  path: string | undefined,
  { moving }: Pick<JudgeData, 'moving'>,
): Promise<FeatureExtractor | undefined> {
  if (path === undefined) {
    return moving && loadMovingMnistExtractor(undefined, moving.digitSize);
  }
  if (!['.yaml', '.yml'].includes(extname(path))) return openNetwork(path, {});
  const { model, ...options } = parseOptions(description, await readYaml(path), path);
  return openNetwork(resolve(dirname(path), model), options);
}

const openNetwork = (path: string, options: z.input<typeof extractorOptions>) =>
  extname(path) === '.onnx' ? openOnnxExtractor(path, options) : openModelExtractor(path, options);

async function readYaml(path: string): Promise<unknown> {
  const { parse } = await import('yaml');
  try {
    return parse(await readFile(path, 'utf8'));
  } catch (error) {
    throw new UsageError(`cannot read the extractor ${path}: ${fileReason(error)}`, {
      cause: error,
    });
  }
}
