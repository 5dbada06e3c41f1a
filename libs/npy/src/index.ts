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
