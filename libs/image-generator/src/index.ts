// Registers the layers, so that `tf.loadLayersModel` finds them where nothing else is imported.
import '@tgan/gan-layers';

export { createImageGenerator } from './image-generator.js';
export { imageGeneratorOptions, type ImageGeneratorOptions } from './options.js';
