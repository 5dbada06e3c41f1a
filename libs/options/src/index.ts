export { nearest, OptionsError, parseOptions } from './options.js';
