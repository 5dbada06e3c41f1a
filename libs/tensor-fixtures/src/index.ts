export { difference, expectClose, type Difference } from './close.js';
export { checkGradients, type GradientCheck } from './gradients.js';
export { expectNoLeaks } from './leaks.js';
export {
  loadReference,
  Reference,
  type ReferenceConfig,
  type ReferenceNetwork,
  type ReferenceSnapshot,
} from './reference.js';
