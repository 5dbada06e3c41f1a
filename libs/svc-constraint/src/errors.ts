/**
 * A weight holds NaN or infinity, so it has no singular values. Nothing has been clipped.
 *
 * Training has diverged. Go back to a checkpoint, or lower the learning rate.
 */
export class NonFiniteWeightError extends Error {
  override readonly name = 'NonFiniteWeightError';

  /** @param weight - the weight's name, such as `conv3d_1/kernel`. */
  constructor(readonly weight: string) {
    super(
      `${weight} holds NaN or infinity and cannot be clipped: training has diverged; ` +
        'go back to a checkpoint or lower the learning rate',
    );
  }
}
