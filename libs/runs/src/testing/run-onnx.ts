import * as tf from '@tensorflow/tfjs';
import { modelProto } from '../export/onnx-schema.js';

interface Value {
  name: string;
  type: { tensor: { shape: { dims: { size: number; name: string }[] } } };
}
interface Node {
  name: string;
  type: string;
  inputs: string[];
  outputs: string[];
  attributes: { name: string; int: number; ints: number[] }[];
}
interface Model {
  opsetImport: { version: number }[];
  metadata: { key: string; value: string }[];
  graph: {
    nodes: Node[];
    inputs: Value[];
    outputs: Value[];
    initializers: { name: string; dims: number[]; type: number; raw: Uint8Array }[];
  };
}

/** What an ONNX file says. */
export const readOnnx = (bytes: Uint8Array): Model =>
  modelProto.toObject(modelProto.decode(bytes), {
    longs: Number,
    defaults: true,
    arrays: true,
  }) as Model;

/** Computes the first output of an ONNX model by the definitions of its operators, slowly. */
export function runOnnx({ graph }: Model, feeds: Record<string, tf.Tensor>): tf.Tensor {
  return tf.tidy(() => {
    const values = new Map(Object.entries(feeds));
    for (const { name, dims, type, raw } of graph.initializers) {
      const { buffer } = new Uint8Array(raw);
      const numbers =
        type === 7 ? Array.from(new BigInt64Array(buffer), Number) : new Float32Array(buffer);
      define(values, name, tf.tensor(numbers, dims, type === 7 ? 'int32' : 'float32'));
    }
    for (const node of graph.nodes) {
      const inputs = node.inputs.map((name) => {
        const value = values.get(name);
        if (!value) throw new Error(`${node.name} takes ${name}, which is not there yet`);
        return value;
      });
      define(values, node.outputs[0], compute(node, inputs));
    }
    return values.get(graph.outputs[0].name)!.clone();
  });
}

function define(values: Map<string, tf.Tensor>, name: string, value: tf.Tensor): void {
  if (values.has(name)) throw new Error(`${name} is there twice`);
  values.set(name, value);
}

function compute({ type, attributes }: Node, [x, y, ...more]: tf.Tensor[]): tf.Tensor {
  const { int, ints } = {
    int: (name: string) => attributes.find((one) => one.name === name)!.int,
    ints: (name: string) => attributes.find((one) => one.name === name)!.ints,
  };
  switch (type) {
    case 'Reshape':
      return x.reshape([...y.dataSync()]);
    case 'Tile':
      return x.tile([...y.dataSync()]);
    case 'Transpose':
      return x.transpose(ints('perm'));
    case 'Concat':
      return tf.concat([x, y, ...more], int('axis'));
    case 'MatMul':
      return matMul(x, y);
    case 'Gather':
      return x.gather(y.toInt(), int('axis'));
    case 'ReduceMax':
      return x.max(ints('axes'), Boolean(int('keepdims')));
    case 'Round':
      return x.round();
    case 'Floor':
      return x.floor();
    case 'Abs':
      return x.abs();
    case 'Add':
      return x.add(y);
    case 'Sub':
      return x.sub(y);
    case 'Div':
      return x.div(y);
    case 'Mul':
      return x.mul(y);
    case 'Relu':
      return x.relu();
    case 'Tanh':
      return x.tanh();
    case 'Sigmoid':
      return x.sigmoid();
    case 'ConvTranspose':
      return convTranspose(x, y, ints('strides'), ints('pads'));
  }
  throw new Error(`no ${type} here`);
}

/** With all axes but the last two broadcast, which that of tfjs does not always do right. */
function matMul(x: tf.Tensor, y: tf.Tensor): tf.Tensor {
  const outer = tf.broadcast_util.assertAndGetBroadcastShape(
    x.shape.slice(0, -2),
    y.shape.slice(0, -2),
  );
  const [a, b] = [x, y].map((one) => one.broadcastTo([...outer, ...one.shape.slice(-2)]));
  return a.matMul(b);
}

/** Every input point spreads the kernel over the output, `stride` apart; the pads are cut off. */
function convTranspose(
  x: tf.Tensor,
  kernel: tf.Tensor,
  strides: number[],
  pads: number[],
): tf.Tensor {
  const [batch, channels, ...axes] = x.shape;
  const [, filters, ...taps] = kernel.shape;
  const out = axes.map(
    (length, i) => (length - 1) * strides[i] + taps[i] - pads[i] - pads[axes.length + i],
  );
  const result = tf.buffer([batch, filters, ...out]);
  const [from, weights] = [x.bufferSync(), kernel.bufferSync()];
  for (const at of indices([batch, channels, ...axes])) {
    const [b, c, ...place] = at;
    for (const [f, ...tap] of indices([filters, ...taps])) {
      const to = place.map((p, i) => p * strides[i] + tap[i] - pads[i]);
      if (to.some((t, i) => t < 0 || t >= out[i])) continue;
      const term = (from.get(...at) as number) * (weights.get(c, f, ...tap) as number);
      result.set((result.get(b, f, ...to) as number) + term, b, f, ...to);
    }
  }
  return result.toTensor();
}

function* indices([length, ...rest]: number[]): Generator<number[]> {
  for (let i = 0; i < length; i++) {
    if (rest.length === 0) yield [i];
    else for (const others of indices(rest)) yield [i, ...others];
  }
}
