// Registers the layers, so that `tf.loadLayersModel` finds them where nothing else is imported.
import '@tgan/gan-layers';

export { createTemporalGenerator } from './temporal-generator.js';
export { temporalGeneratorOptions, type TemporalGeneratorOptions } from './options.js';
