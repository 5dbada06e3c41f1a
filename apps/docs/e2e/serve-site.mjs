import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The built site. */
export const dist = fileURLToPath(new URL('../dist/', import.meta.url));

const types = {
  '.css': 'text/css',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
  '.xml': 'application/xml',
};

/** With these a page may share memory with its workers, and so have threads. */
const isolation = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

/** The path that the site was built for, such as `/` or `/tgan/`. */
export async function basePath() {
  const home = await readFile(join(dist, 'index.html'), 'utf8');
  return /<link rel="icon"[^>]*href="([^"]*)favicon\.svg"/.exec(home)[1];
}

/**
 * Serves the built site on this machine, below its base path.
 *
 * @param isolated - whether pages have threads.
 * @returns the address of the home page, and what stops the server.
 */
export async function serveSite({ isolated = true } = {}) {
  const base = await basePath();
  const server = createServer(async ({ url }, response) => {
    const file = fileOf(decodeURIComponent(new URL(url, 'http://localhost').pathname), base);
    const bytes = file && (await readFile(file).catch(() => undefined));
    response.writeHead(bytes ? 200 : 404, {
      ...(isolated && isolation),
      'Content-Type': (bytes && types[extname(file)]) ?? 'text/plain',
    });
    response.end(bytes || 'not found');
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  return {
    url: `http://127.0.0.1:${port}${base}`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** The file that an address means, as on GitHub Pages; undefined outside the site. */
export function fileOf(pathname, base) {
  if (!pathname.startsWith(base)) return undefined;
  const path = normalize(pathname.slice(base.length) || '.');
  if (path.startsWith('..') || path.includes(`${sep}..`)) return undefined;
  if (path === '.' || pathname.endsWith('/')) return join(dist, path, 'index.html');
  return join(dist, extname(path) ? path : `${path}.html`);
}
