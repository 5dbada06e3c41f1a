export {
  createTemporalGenerator,
  temporalGeneratorOptions,
  type TemporalGeneratorOptions,
} from './temporal-generator.js';
