export {
  ChainerImportError,
  readChainerFiles,
  type ChainerFiles,
  type ChainerSnapshots,
} from './files.js';
export { chainerGanWeights, importChainer, type TemporalGanNetworks } from './import.js';
export { chainerSizes, type ChainerSizes } from './sizes.js';
export {
  assignWeights,
  chainerWeights,
  type ChainerArray,
  type ChainerArrays,
  type ChainerWeight,
} from './weights.js';
