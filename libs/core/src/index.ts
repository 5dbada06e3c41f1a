export { fromPixels, sizeOf, toPixels } from './arrays.js';
export type { Communicator, PendingSum, Traffic } from './communicator.js';
export {
  formatNpy,
  NpyError,
  parseNpy,
  parseNpyHeader,
  type NpyArray,
  type NpyHeader,
  type NpyType,
} from './npy.js';
export { formatNpz, parseNpz } from './npz.js';
export { nearest, OptionsError, parseOptions, type OptionsShape } from './options.js';
export { Random, type RandomState } from './random.js';
export { Registry, RegistryError, type AnyEntry, type Entry } from './registry.js';
export { unreachableLayer } from './unreachable-layer.js';
