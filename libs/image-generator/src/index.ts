export { chainerImageGeneratorWeights } from './chainer.js';
export {
  createImageGenerator,
  imageGeneratorOptions,
  type ImageGeneratorOptions,
} from './image-generator.js';
