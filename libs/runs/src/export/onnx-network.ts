import { BatchNorm, pathBasis, PolynomialPath } from '@tgan/gan-layers';
import * as tf from '@tensorflow/tfjs';
import type { OnnxGraph } from './onnx-graph.js';

type Layer = tf.layers.Layer;

/**
 * Adds a network of TensorFlow.js to a graph, as it computes when it does not train. Tensors keep
 * their channels last.
 *
 * @param prefix - begins the names of all that is added.
 * @param inputs - the values that the network takes, in order.
 * @returns the values that it makes, in order.
 * @throws Error for a layer that no generator has.
 */
export function addNetwork(
  graph: OnnxGraph,
  network: tf.LayersModel,
  prefix: string,
  inputs: readonly string[],
): string[] {
  const values = new Map(network.inputs.map((tensor, i) => [tensor.id, inputs[i]]));
  for (const layer of network.layers) {
    if (layer.getClassName() === 'InputLayer') continue;
    const taken = [layer.input].flat().map(({ id }) => values.get(id)!);
    const output = layer.output as tf.SymbolicTensor;
    values.set(output.id, addLayer(graph, layer, `${prefix}/${layer.name}`, taken));
  }
  return network.outputs.map(({ id }) => values.get(id)!);
}

function addLayer(graph: OnnxGraph, layer: Layer, name: string, inputs: string[]): string {
  const [input] = inputs;
  const config = layer.getConfig();
  switch (layer.getClassName()) {
    case 'Concatenate':
      return graph.op('Concat', name, inputs, { axis: -1 });
    case 'Reshape':
      return graph.reshape(name, input, [-1, ...(config['targetShape'] as number[])]);
    case 'Activation': {
      const type = { tanh: 'Tanh', sigmoid: 'Sigmoid' }[config['activation'] as string];
      if (type) return graph.op(type, name, [input]);
      break;
    }
    case 'Dense': {
      if (config['activation'] !== 'linear') break;
      const [kernel, bias] = weightsOf(layer);
      const product = graph.op('MatMul', name, [input, constant(graph, `${name}/kernel`, kernel)]);
      return plusBias(graph, name, product, bias);
    }
    case 'Conv2DTranspose':
    case 'Conv3DTranspose':
      if (config['activation'] !== 'linear') break;
      return addDeconvolution(graph, layer, name, input);
    case BatchNorm.className:
      return addBatchNorm(graph, layer as BatchNorm, name, input);
    case PolynomialPath.className:
      return addPath(graph, layer as PolynomialPath, name, input);
  }
  throw new Error(`${name}: no ONNX for this ${layer.getClassName()}: ${JSON.stringify(config)}`);
}

/** ONNX has channels first: (batch, channels, axes...), and kernels (in, out, axes...). */
function addDeconvolution(graph: OnnxGraph, layer: Layer, name: string, input: string): string {
  const [kernel, bias] = weightsOf(layer);
  const { strides, padding } = layer.getConfig() as { strides: number[]; padding: string };
  const axes = strides.map((_, axis) => axis);
  const rank = axes.length;
  const inFirst = tf.tidy(() => {
    const moved = kernel.transpose([rank + 1, rank, ...axes]);
    return constant(graph, `${name}/kernel`, moved);
  });
  const taps = kernel.shape.slice(0, rank);
  // `same` makes every axis `stride` times as long, so what the kernel reaches beyond is cut off,
  // half at each end.
  const cut = taps.map((length, axis) => (padding === 'same' ? length - strides[axis] : 0));
  const begins = cut.map((length) => Math.floor(length / 2));
  const ends = cut.map((length, axis) => length - begins[axis]);
  const first = graph.op('Transpose', `${name}/first`, [input], {
    perm: [0, rank + 1, ...axes.map((axis) => axis + 1)],
  });
  const made = graph.op('ConvTranspose', `${name}/made`, [first, inFirst], {
    kernel_shape: taps,
    strides,
    pads: [...begins, ...ends],
  });
  const last = graph.op('Transpose', name, [made], {
    perm: [0, ...axes.map((axis) => axis + 2), 1],
  });
  return plusBias(graph, name, last, bias);
}

/** With its running statistics, batch norm is a scale and a shift of each channel. */
function addBatchNorm(graph: OnnxGraph, layer: BatchNorm, name: string, input: string): string {
  const [scale, shift] = tf.tidy(() => {
    const read = (weight: tf.LayerVariable) => weight.read();
    const factor = read(layer.gamma).div(read(layer.movingVariance).add(layer.epsilon).sqrt());
    const moved = read(layer.movingMean).mul(factor).neg();
    const offset = layer.beta ? moved.add(read(layer.beta)) : moved;
    return [constant(graph, `${name}/scale`, factor), constant(graph, `${name}/shift`, offset)];
  });
  const scaled = graph.op('Mul', `${name}/scaled`, [input, scale]);
  const normal = graph.op('Add', name, [scaled, shift]);
  if (layer.leakyReluAlpha === 1) return normal;
  if (layer.leakyReluAlpha === 0) return graph.op('Relu', `${name}/relu`, [normal]);
  throw new Error(`${name}: no generator has a leakyReluAlpha of ${layer.leakyReluAlpha}`);
}

/** A product with the terms of each moment, then reflection at -1 and 1. */
function addPath(graph: OnnxGraph, layer: PolynomialPath, name: string, input: string): string {
  const terms = (layer.input as tf.SymbolicTensor).shape[1] as number;
  const { frames } = layer;
  const basis = graph.constant(`${name}/basis`, [frames, terms], pathBasis(frames, terms));
  const [one, two, four] = [1, 2, 4].map((value) =>
    graph.constant(`${name}/the-${value}`, [1], Float32Array.of(value)),
  );
  const path = graph.op('MatMul', `${name}/path`, [basis, input]);
  const above = graph.op('Add', `${name}/above`, [path, one]);
  const turns = graph.op('Div', `${name}/turns`, [above, four]);
  const whole = graph.op('Floor', `${name}/whole`, [turns]);
  const phase = graph.op('Sub', `${name}/phase`, [turns, whole]);
  const wave = graph.op('Mul', `${name}/wave`, [phase, four]);
  const centered = graph.op('Sub', `${name}/centered`, [wave, two]);
  const away = graph.op('Abs', `${name}/away`, [centered]);
  return graph.op('Sub', name, [one, away]);
}

function plusBias(graph: OnnxGraph, name: string, input: string, bias?: tf.Tensor): string {
  if (!bias) return input;
  return graph.op('Add', `${name}/plus-bias`, [input, constant(graph, `${name}/bias`, bias)]);
}

const weightsOf = (layer: Layer) => layer.weights.map((weight) => weight.read());

const constant = (graph: OnnxGraph, name: string, tensor: tf.Tensor) =>
  graph.constant(name, tensor.shape, tensor.dataSync() as Float32Array);
