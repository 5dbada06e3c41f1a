/**
 * A score cannot be computed, or would mean nothing. The message is one line that says why and what
 * to do.
 */
export class MetricsError extends Error {
  override readonly name = 'MetricsError';
}
