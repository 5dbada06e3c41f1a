export { backends, type Backend } from './backends.js';
export {
  BackendError,
  backendNames,
  inspectBackends,
  selectBackend,
  type BackendReport,
  type SelectedBackend,
} from './select-backend.js';
export { loadModel, ModelFileError, saveModel } from './model-files.js';
export { makeFolder, removeLeftovers, writeFileAtomic } from './write-file.js';
