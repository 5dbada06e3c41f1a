export { backends, type Backend } from './backends.js';
export {
  BackendError,
  backendNames,
  inspectBackends,
  selectBackend,
  type BackendReport,
  type SelectedBackend,
} from './select-backend.js';
