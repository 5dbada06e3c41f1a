export { createImageGenerator } from './image-generator.js';
export { imageGeneratorOptions, type ImageGeneratorOptions } from './options.js';
