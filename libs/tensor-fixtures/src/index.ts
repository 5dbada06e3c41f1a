export { difference, expectClose, type Difference } from './close.js';
export { checkGradients, type GradientCheck } from './gradients.js';
export { inParts, type SumParts } from './in-parts.js';
export { expectNoLeaks } from './leaks.js';
export {
  loadReference,
  Reference,
  type ReferenceConfig,
  type ReferenceNetwork,
  type ReferenceSnapshot,
} from './reference.js';
export { inThreads, type ThreadProgram } from './threads/in-threads.js';
