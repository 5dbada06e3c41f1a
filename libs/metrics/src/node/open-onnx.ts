import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { access } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileReason } from '@tgan/core/node';
import { MetricsError } from '../errors.js';
import type { FeatureExtractor } from '../extractor.js';
import type { ExtractorOptions } from '../extractors/network-extractor.js';
import { onnxExtractor, type OnnxRuntime } from '../extractors/onnx-extractor.js';
import { oneLine } from './open-model.js';

/**
 * Opens an ONNX file as an extractor, such as I3D or C3D.
 *
 * @param path - the file. Weights that PyTorch wrote beside it, to `PATH.data`, are found.
 * @param options - how clips are fitted, and which outputs are taken. Networks out of PyTorch have
 * the layout `BCTHW`.
 * @param runtime - the module onnxruntime-node, which is imported if left out, or onnxruntime-web.
 * @throws MetricsError when the runtime is not installed, the file is missing or damaged, and as
 * `onnxExtractor` does.
 */
export async function openOnnxExtractor(
  path: string,
  options?: ExtractorOptions,
  runtime?: OnnxRuntime,
): Promise<FeatureExtractor> {
  const { InferenceSession, Tensor } = runtime ?? (await importRuntime());
  const fingerprint = await hashFiles(path);
  const session = await InferenceSession.create(path).catch((error: Error) => {
    throw new MetricsError(`ONNX Runtime cannot open ${path}: ${oneLine(error)}`, { cause: error });
  });
  return onnxExtractor(session, { Tensor }, { name: basename(path), fingerprint }, options);
}

async function importRuntime(): Promise<OnnxRuntime> {
  // A name in a variable: TypeScript and bundlers need not find the package.
  const name = 'onnxruntime-node';
  try {
    const module = (await import(name)) as OnnxRuntime & { default?: OnnxRuntime };
    return module.default ?? module;
  } catch (error) {
    throw new MetricsError(
      `ONNX files need the package ${name}: npm install ${name} (${oneLine(error as Error)})`,
      { cause: error },
    );
  }
}

/**
 * SHA-256 of the file, as `sha256sum` prints it; of file and external weights where there are some.
 */
async function hashFiles(path: string): Promise<string> {
  const hash = createHash('sha256');
  const external = `${path}.data`;
  const hasExternal = await access(external).then(
    () => true,
    () => false,
  );
  try {
    for (const file of hasExternal ? [path, external] : [path]) {
      for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
    }
  } catch (error) {
    throw new MetricsError(`cannot read the extractor ${path}: ${fileReason(error)}`, {
      cause: error,
    });
  }
  return hash.digest('hex');
}
