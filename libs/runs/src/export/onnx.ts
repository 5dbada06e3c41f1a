import { VideoGan, Vgan, type VideoModel } from '@tgan/video-gan';
import { OnnxGraph } from './onnx-graph.js';
import { addNetwork } from './onnx-network.js';
import { addSprites } from './onnx-sprites.js';

/**
 * The generator of a model as one ONNX file: `z0` [batch, latentSize] (and `label` [batch,
 * classes], one-hot) to `video` [batch, frames, height, width, channels] in (-1, 1).
 *
 * @param metadata - texts to go with it.
 */
export function onnxGenerator(
  model: VideoModel,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const { latentSize, frames, imageSize, channels, classes = 0 } = model.options;
  const graph = new OnnxGraph('generator');
  const z0 = graph.input('z0', ['batch', latentSize]);
  const label = classes > 0 ? [graph.input('label', ['batch', classes])] : [];
  const made = make(graph, model, z0, label);
  const shape = [frames, imageSize, imageSize, channels];
  graph.output(graph.reshape('video', made, [-1, ...shape]), ['batch', ...shape]);
  return graph.encode(metadata);
}

function make(graph: OnnxGraph, model: VideoModel, z0: string, label: string[]): string {
  if (model instanceof VideoGan) return framesOf(graph, model, z0, label);
  const made = addNetwork(graph, model.networks['generator'], 'generator', [z0, ...label]);
  if (!(model instanceof Vgan)) return made[0];
  const [foreground, mask, background] = made;
  const { imageSize, channels } = model.options;
  const still = graph.reshape('still', background, [-1, 1, imageSize, imageSize, channels]);
  const over = graph.op('Sub', 'over', [foreground, still]);
  return graph.op('Add', 'blend', [still, graph.op('Mul', 'seen', [over, mask])]);
}

/** G0, and G1 on each frame: a row of latents, and of the label, for each. Or sprites, moved. */
function framesOf(graph: OnnxGraph, model: VideoGan, z0: string, label: string[]): string {
  const { latentSize, frames, seesZ0, classes, sprites } = model.options;
  const { temporalGenerator, imageGenerator } = model;
  const [z1] = addNetwork(graph, temporalGenerator, 'temporal-generator', [z0, ...label]);
  if (sprites > 0) {
    const [pictures] = addNetwork(graph, imageGenerator, 'image-generator', [z0, ...label]);
    return addSprites(graph, pictures, z1, model.options);
  }
  const eachFrame = (name: string, rows: string, size: number) => {
    const one = graph.reshape(`${name}/one`, rows, [-1, 1, size]);
    const times = graph.constant(`${name}/times`, [3], [1, frames, 1]);
    return graph.reshape(name, graph.op('Tile', `${name}/all`, [one, times]), [-1, size]);
  };
  const latents = [
    ...(seesZ0 ? [eachFrame('each-z0', z0, latentSize)] : []),
    graph.reshape('each-z1', z1, [-1, temporalGenerator.outputs[0].shape[2] as number]),
    ...label.map((rows) => eachFrame('each-label', rows, classes)),
  ];
  return addNetwork(graph, imageGenerator, 'image-generator', latents)[0];
}
