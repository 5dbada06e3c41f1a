import { tenSteps } from './ten-steps.js';

tenSteps().then(
  (result) => postMessage(result),
  (error) => postMessage({ error: String(error.stack) }),
);
