import type { IncomingMessage } from 'node:http';

/** Why a request is refused. */
export interface Refusal {
  readonly status: number;
  readonly message: string;
}

/**
 * Checks a request before its path is read.
 *
 * The host must be this machine: a page of another site whose name resolves to it (DNS rebinding)
 * sends the name of that site. The port may differ, because ports can be forwarded.
 */
export function refusalOf({ method, headers }: IncomingMessage): Refusal | undefined {
  if (!/^(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/i.test(headers.host ?? '')) {
    return { status: 403, message: 'open this page as localhost or 127.0.0.1' };
  }
  if (method !== 'GET' && method !== 'HEAD') {
    return { status: 405, message: 'this server is read-only' };
  }
  return undefined;
}
