// Serves pages on loopback, and opens them in Chromium.
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';

/** Where the browser is. */
export const browserPath = process.env.CHROMIUM ?? '/usr/bin/chromium';

/**
 * The headers that isolate a page from those of other origins, so that it may share memory.
 *
 * @type {Record<string, string>}
 */
export const isolating = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

const types = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.wasm': 'application/wasm',
};

/**
 * Serves the files of a folder.
 *
 * @returns the address, and what ends it.
 */
export async function serve(folder, headers = {}) {
  const server = createServer(({ url }, response) => {
    const file = join(folder, url === '/' ? 'index.html' : url);
    if (!existsSync(file)) return response.writeHead(404).end();
    response.writeHead(200, { ...headers, 'Content-Type': types[extname(file)] ?? 'text/plain' });
    response.end(readFileSync(file));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  return { address: addressOf(server), close: () => server.close() };
}

/** @param {Pick<import('node:http').Server, 'address'>} server */
export function addressOf(server) {
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  return `http://127.0.0.1:${port}/`;
}

/** Starts the browser. */
export async function launch() {
  const { chromium } = await import('playwright-core');
  const args = ['--no-sandbox', '--disable-gpu', '--disable-background-networking'];
  return chromium.launch({ executablePath: browserPath, args });
}
