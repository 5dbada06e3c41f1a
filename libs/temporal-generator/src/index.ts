export { createTemporalGenerator } from './temporal-generator.js';
export { temporalGeneratorOptions, type TemporalGeneratorOptions } from './options.js';
