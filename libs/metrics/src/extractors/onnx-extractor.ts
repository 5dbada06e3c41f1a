import type * as tf from '@tensorflow/tfjs';
import { MetricsError } from '../errors.js';
import type { FeatureExtractor } from '../extractor.js';
import {
  type ExtractorOptions,
  networkExtractor,
  type NetworkOutput,
} from './network-extractor.js';

/** A tensor of ONNX Runtime. */
export interface OnnxTensor {
  /** Such as `float32`. */
  readonly type: string;
  /** Its values, row by row. */
  readonly data: unknown;
  /** Its shape. */
  readonly dims: readonly number[];
}

/**
 * The part of an `InferenceSession` of onnxruntime-node or onnxruntime-web that an extractor needs.
 */
export interface OnnxSession {
  /** What goes in. A dimension with a name is free. */
  readonly inputMetadata?: readonly {
    readonly name: string;
    readonly type?: string;
    readonly shape?: readonly (number | string)[];
  }[];
  /** What can come out. */
  readonly outputNames: readonly string[];
  /** Computes some outputs. */
  run(
    feeds: Record<string, OnnxTensor>,
    names: readonly string[],
  ): Promise<Record<string, OnnxTensor>>;
  /** Frees the model. */
  release(): Promise<void>;
}

/** The module onnxruntime-node or onnxruntime-web. */
export interface OnnxRuntime {
  /** Opens models. */
  readonly InferenceSession: {
    create(path: string): Promise<OnnxSession>;
  };
  /** Makes tensors. */
  readonly Tensor: new (type: 'float32', data: Float32Array, dims: readonly number[]) => OnnxTensor;
}

/**
 * An extractor out of a session of ONNX Runtime whose model takes clips.
 *
 * @param session - becomes the extractor's, which releases it.
 * @param identity - a short name, and the SHA-256 of the model's files.
 * @param options - outputs are named as the model names them.
 * @throws as {@link networkExtractor} does.
 */
export async function onnxExtractor(
  session: OnnxSession,
  { Tensor }: Pick<OnnxRuntime, 'Tensor'>,
  identity: { readonly name: string; readonly fingerprint: string },
  options?: ExtractorOptions,
): Promise<FeatureExtractor> {
  const { name } = identity;
  const [input, ...others] = session.inputMetadata ?? [];
  if (!input || others.length > 0 || (input.type ?? 'float32') !== 'float32') {
    const found = session.inputMetadata?.map((each) => `${each.name} (${each.type})`).join(', ');
    await session.release();
    throw new MetricsError(
      found
        ? `${name} takes ${found}, not one input of float32`
        : `${name}: ONNX Runtime does not say what the model takes; version 1.23 or later does`,
    );
  }
  // A model need not state its shape.
  const shape = input.shape?.length ? input.shape : [null, null, null, null, null];
  return networkExtractor(
    {
      ...identity,
      inputShape: shape.map((length) => (typeof length === 'number' && length > 0 ? length : null)),
      async run(fitted: tf.Tensor5D, wanted) {
        const names = wanted.map((output) => output ?? session.outputNames[0]);
        const unknown = names.find((output) => !session.outputNames.includes(output));
        if (unknown !== undefined) {
          const known = session.outputNames.join(', ');
          throw new MetricsError(`${name} has no output "${unknown}"; there is: ${known}`);
        }
        const data = (await fitted.data()) as Float32Array;
        const feeds = { [input.name]: new Tensor('float32', data, fitted.shape) };
        const outputs = await session.run(feeds, [...new Set(names)]);
        return names.map((output) => toFloats(name, output, outputs[output]));
      },
      dispose: () => void session.release(),
    },
    options,
  );
}

function toFloats(name: string, output: string, { type, data, dims }: OnnxTensor): NetworkOutput {
  if (type !== 'float32') {
    throw new MetricsError(`${name}: output "${output}" is of ${type}, not of float32`);
  }
  return { data: data as Float32Array, shape: dims };
}
