import type { ClipReport } from '@tgan/svc-constraint';
import type { Constraint } from './constraint.js';
import type { Objective } from './objective.js';
import type { Optimizer } from './optimizer.js';
import type { Schedule } from './schedule.js';
import type { RealBatch } from './wasserstein.js';

/** Which game the players play and how, where it is not the paper's. */
export interface Game {
  /** What the players descend. Default `wasserstein`, which alone needs one pass for both. */
  readonly objective?: Objective;
  /** What keeps the critic Lipschitz. Default `singularValueClipping()`. */
  readonly constraint?: Constraint;
  /** How weights follow their gradients. Default `rmsProp()`. */
  readonly optimizer?: Optimizer;
  /** How the learning rates change from step to step. Default `constant`. */
  readonly schedule?: Schedule;
}

/** Where real clips come from: each call gives the next batch, whose tensors the trainer disposes. */
export type NextBatch = () => Promise<RealBatch>;

/** What one step did. */
export interface StepMetrics {
  /** The step's number, from 1. */
  readonly step: number;
  /** V = real - fake: in a Wasserstein GAN the critic's estimate of the distance, up to its Lipschitz constant. */
  readonly value: number;
  /** Mean score of the real clips. */
  readonly real: number;
  /** Mean score of the generated clips. */
  readonly fake: number;
  /** What the clipping changed, on the steps that clip. */
  readonly clipping?: ClipReport;
}
