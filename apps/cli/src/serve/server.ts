import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { drawCurves, runPanels, UsageError, type PlotOptions } from '@tgan/runs';
import { Audience } from './audience.js';
import { refusalOf } from './refusal.js';
import { RunWatch } from './run-watch.js';

/** A server that shows a run. */
export interface RunServer {
  readonly url: string;
  /** Ends every connection and the server. */
  close(): Promise<void>;
}

/** The page's own files. */
const page: Readonly<Record<string, readonly [file: string, type: string]>> = {
  '/': ['index.html', 'text/html; charset=utf-8'],
  '/icon.svg': ['icon.svg', 'image/svg+xml'],
  '/page.css': ['page.css', 'text/css; charset=utf-8'],
  '/page.js': ['page.js', 'text/javascript; charset=utf-8'],
};

const securityHeaders = {
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'Cache-Control': 'no-cache',
};

/** Limits of requests in milliseconds. */
const limits = { headersTimeout: 5000, requestTimeout: 10_000, connectionsCheckingInterval: 1000 };

/** The most connections. A few pages need fewer. */
const MOST_CONNECTIONS = 64;

/**
 * Serves the folder of a run on 127.0.0.1 only: a page, its curves, its samples and its changes.
 * Nothing can be written, and only the metrics and the sheets of samples can be read.
 *
 * @param port - 0 for a free one.
 * @param compared - the folders of other runs, whose curves are drawn over those of the first.
 * @throws UsageError when the folder holds no run or the port is not available.
 */
export async function serveRun(
  folder: string,
  port: number,
  compared: readonly string[] = [],
): Promise<RunServer> {
  const run = await RunWatch.open(folder);
  const others = await Promise.all(compared.map((other) => RunWatch.open(other)));
  const audience = new Audience(run, others);
  const server = createServer(limits, (request, response) => {
    response.on('error', () => {}); // the client has closed the connection
    idle.delete(request.socket);
    response.on('close', () => void idle.add(request.socket));
    answer(request, response, [run, ...others], audience).catch((error: Error) => {
      if (response.headersSent) response.destroy();
      else refuse(response, error instanceof UsageError ? 400 : 500, error.message);
    });
  });
  // An idle connection is closed to make room for a new one.
  const idle = new Set<Socket>();
  let connections = 0;
  server.on('connection', (socket) => {
    connections++;
    idle.add(socket);
    socket.on('close', () => {
      connections--;
      idle.delete(socket);
    });
    if (connections > MOST_CONNECTIONS) [...idle][0].destroy();
  });
  await new Promise<void>((done, fail) => {
    server.once('error', (error: NodeJS.ErrnoException) => fail(portError(error, port)));
    server.listen(port, '127.0.0.1', done);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async close() {
      audience.close();
      const closed = new Promise((done) => server.close(done));
      server.closeAllConnections();
      await closed;
    },
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  runs: readonly RunWatch[],
  audience: Audience,
): Promise<void> {
  const [run] = runs;
  for (const [name, value] of Object.entries(securityHeaders)) response.setHeader(name, value);
  const refusal = refusalOf(request);
  if (refusal) {
    if (refusal.status === 405) response.setHeader('Allow', 'GET, HEAD');
    return refuse(response, refusal.status, refusal.message);
  }
  const url = URL.canParse(request.url!, 'http://localhost')
    ? new URL(request.url!, 'http://localhost')
    : undefined;
  const path = url?.pathname ?? '';
  const own = Object.hasOwn(page, path) ? page[path] : undefined;
  if (own) {
    const bytes = await readFile(new URL(`../../page/${own[0]}`, import.meta.url));
    return send(request, response, own[1], bytes);
  }
  if (path === '/state') return send(request, response, 'application/json', await stateOf(run));
  if (path === '/curves.svg') {
    const query = url!.searchParams;
    const named = await Promise.all(runs.map((run) => run.named()));
    const panels = runPanels(named, plotOptions(query));
    const svg = drawCurves('', panels, query.get('beside') === '1' ? 1 : 2);
    return send(request, response, 'image/svg+xml', Buffer.from(svg));
  }
  if (path === '/events' && request.method === 'GET') return audience.admit(response);
  const name = /^\/samples\/([\w.-]+)$/.exec(path)?.[1];
  const sample = name && (await run.sample(name));
  if (sample)
    return send(request, response, `image/${name.endsWith('.gif') ? 'gif' : 'webp'}`, sample);
  refuse(response, 404, 'not found');
}

const stateOf = async (run: RunWatch) => Buffer.from(JSON.stringify(await run.state()));

function plotOptions(query: URLSearchParams): PlotOptions {
  const smooth = Number(query.get('smooth') ?? NaN);
  if (query.has('smooth') && !(smooth >= 0 && smooth < 1)) {
    throw new UsageError('smooth must be at least 0 and less than 1');
  }
  return { ...(query.has('smooth') && { smooth }), log: query.get('log') === '1' };
}

function send(
  request: IncomingMessage,
  response: ServerResponse,
  type: string,
  body: Uint8Array,
): void {
  response.writeHead(200, { 'Content-Type': type, 'Content-Length': body.length });
  response.end(request.method === 'HEAD' ? undefined : body);
}

function refuse(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8' });
  response.end(`${message}\n`);
}

function portError(error: NodeJS.ErrnoException, port: number): Error {
  const why = { EADDRINUSE: 'is in use', EACCES: 'needs administrator rights' }[error.code ?? ''];
  if (!why) return error;
  return new UsageError(`port ${port} ${why}; choose another with --port, or 0 for a free one`);
}
