import { clipModel, clipWeights, type ClipReport } from '@tgan/svc-constraint';
import type * as tf from '@tensorflow/tfjs';

/**
 * What keeps a critic Lipschitz: called after each step with the critic, to be changed in place, and the step's number
 * from 1. May return a report of what it clipped. Write your own as a function of this type.
 */
export type Constraint = (critic: tf.LayersModel, step: number) => Promise<ClipReport> | undefined;

/** Singular value clipping every so many steps (paper, section 4.2, where it is 5). */
export const singularValueClipping =
  (every = 5): Constraint =>
  (critic, step) =>
    step % every === 0 ? clipModel(critic, { measure: false }) : undefined;

/**
 * Weight clipping (Arjovsky et al. 2017): each step every learnt weight of the critic into [-limit, limit].
 *
 * @throws RangeError, when it runs, if the limit is not a positive number.
 */
export const weightClipping =
  (limit = 0.01): Constraint =>
  (critic) => {
    clipWeights(critic, limit);
    return undefined;
  };

/** Leaves the critic alone: for objectives that need no Lipschitz critic. */
export const unconstrained: Constraint = () => undefined;
