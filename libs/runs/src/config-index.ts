export { configChanges, freeKeys } from './config-changes.js';
export { configShape, flatConfig, parseConfig, type ConfigKey, type RunConfig } from './config.js';
export { loadConfig, presetNames } from './presets.js';
