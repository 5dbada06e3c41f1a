import type { IncomingMessage } from 'node:http';

/** Why a request is not answered. */
export interface Refusal {
  readonly status: number;
  readonly message: string;
}

/**
 * Judges a request before its path is looked at.
 *
 * The name in Host must be one of this machine's own: a page of another site whose name was made to
 * point here (DNS rebinding) sends its own name. The port may be another, since ports are
 * forwarded.
 */
export function refusalOf({ method, headers }: IncomingMessage): Refusal | undefined {
  if (!/^(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/i.test(headers.host ?? '')) {
    return { status: 403, message: 'open it as localhost or 127.0.0.1' };
  }
  if (method !== 'GET' && method !== 'HEAD') {
    return { status: 405, message: 'there is nothing to change here' };
  }
  return undefined;
}
