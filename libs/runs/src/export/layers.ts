import { VideoGan, type VideoModel } from '@tgan/video-gan';
import type { SymbolicTensor } from '@tensorflow/tfjs';

/** The networks of a model except its critic, by name. */
export function generatorOf({ networks }: VideoModel): VideoModel['networks'] {
  const { critic: _critic, ...generator } = networks;
  return generator;
}

/** The README of exported layers models: what they are, and how a page loads them. */
export function layersReadme(name: string, model: VideoModel, labels: readonly string[]): string {
  const rows = Object.entries(generatorOf(model)).map(
    ([network, layers]) =>
      `| \`${network}\` | ${shapes(layers.inputs)} | ${shapes(layers.outputs)} |`,
  );
  const named =
    labels.length === 0 ? '' : `\nLabels are one-hot, in this order: ${labels.join(', ')}.\n`;
  return `# ${name}

The generator of a video GAN that tgan trained, as layers models of TensorFlow.js. Serve this folder, and in a page:

\`\`\`js
import * as tf from '@tensorflow/tfjs';
import '@tgan/gan-layers'; // registers the batch norm that the networks have

${Object.keys(generatorOf(model))
  .map((network) => `const ${camel(network)} = await tf.loadLayersModel('${network}/model.json');`)
  .join('\n')}
\`\`\`

| network | takes | makes |
| --- | --- | --- |
${rows.join('\n')}

z0 is uniform in [-1, 1). Frames come in [-1, 1]: a pixel is 128 * value + 128.${usage(model)}
${named}`;
}

/** How the networks are put together, where they are more than a generator and a critic. */
function usage(model: VideoModel): string {
  const { networks, options } = model;
  if (!('image-generator' in networks)) return '';
  if (model instanceof VideoGan && model.options.sprites > 0) return spriteUsage(model);
  const inputs = networks['image-generator'].inputs.length - (options.classes ? 1 : 0);
  const label = options.classes ? ', label' : '';
  const z0 = inputs > 1 ? `z0.tile([${options.frames}, 1]), ` : '';
  const eachLabel = options.classes ? `, label.tile([${options.frames}, 1])` : '';
  const list = (items: string) => (items.includes(',') ? `[${items}]` : items);
  return ` One video:

\`\`\`js
const z0 = tf.randomUniform([1, ${options.latentSize}], -1, 1);
const z1 = temporalGenerator.predict(${list(`z0${label}`)}).squeeze([0]);
const frames = imageGenerator.predict(${list(`${z0}z1${eachLabel}`)}); // [${options.frames}, ${options.imageSize}, ${options.imageSize}, ${options.channels}]
\`\`\``;
}

/** How sprites are placed on frames. */
function spriteUsage({ options }: VideoGan): string {
  const { sprites, wholePixels } = options;
  const z0 = options.classes ? '[z0, label]' : 'z0';
  return ` One video:

\`\`\`js
import { placeSprites } from '@tgan/video-gan';

const z0 = tf.randomUniform([1, ${options.latentSize}], -1, 1);
const places = temporalGenerator.predict(${z0});
const frames = placeSprites(imageGenerator.predict(${z0}), places, ${options.imageSize}, ${sprites}, ${wholePixels}); // [${options.frames}, ${options.imageSize}, ${options.imageSize}, ${options.channels}]
\`\`\``;
}

const camel = (name: string) => name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());

const shapes = (tensors: readonly SymbolicTensor[]) =>
  tensors.map(({ name, shape }) => `${plain(name)} [${shape.map(size).join(', ')}]`).join(', ');

const size = (length: number | null) => length ?? 'batch';

/** A tensor's name without its layer's number, which counts up while a program runs. */
const plain = (name: string) => name.split('/')[0].replace(/_\d+$/, '');
