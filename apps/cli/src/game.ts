import {
  crossEntropy,
  hinge,
  leastSquares,
  singularValueClipping,
  unconstrained,
  wasserstein,
  weightClipping,
  type Game,
} from '@tgan/wgan-trainer';
import type { RunConfig } from './config.js';

/** The objective and the constraint by the names that the configuration has for them. */
export function gameOf({ objective, constraint, weightLimit, clipEvery }: RunConfig): Game {
  const objectives = { wasserstein, normal: crossEntropy, 'least-squares': leastSquares, hinge };
  const constraints = {
    svc: singularValueClipping(clipEvery),
    'weight-clipping': weightClipping(weightLimit),
    none: unconstrained,
  };
  return { objective: objectives[objective], constraint: constraints[constraint] };
}
