export {
  Axes,
  axisNames,
  builtInAxes,
  type AxisName,
  type ConfigField,
  type Extension,
} from './axes.js';
export { parseConfig, readConfig, type ConfigInAxes, type RunConfig } from './config.js';
export { ModuleError, type ExtensionFactory, type ExtensionTools } from './extensions.js';
export { loadConfig, presetNames, readPreset, type Preset } from './presets.js';
export { freeKeys } from './run-options.js';
