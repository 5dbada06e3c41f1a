// Trains a small GAN on the `simd` backend in Chromium, with threads and without, and compares with
// Node. By hand: `npx nx e2e-training @tgan/docs`; CHROMIUM names the browser if it is not
// /usr/bin/chromium.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { checks, openBrowser } from './browser.mjs';
import { tenSteps } from './training/ten-steps.js';

const types = { '.html': 'text/html', '.js': 'text/javascript', '.wasm': 'application/wasm' };
const outDir = await mkdtemp(join(tmpdir(), 'tgan-page-'));
await build({
  root: fileURLToPath(new URL('training', import.meta.url)),
  resolve: { conditions: ['@tgan/source'] },
  build: { outDir, emptyOutDir: true, target: 'esnext', chunkSizeWarningLimit: 5000 },
  worker: { format: 'es' },
  // tfjs's uses of Node's modules are warned of one by one.
  logLevel: 'error',
});

/** Serves the page, cross-origin isolated or not. */
function serve(isolated) {
  const headers = isolated && {
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Embedder-Policy': 'require-corp',
  };
  const server = createServer(async ({ url }, response) => {
    const { pathname } = new URL(url, 'http://localhost');
    const file = join(outDir, pathname === '/' ? 'index.html' : pathname);
    const bytes = await readFile(file).catch(() => undefined);
    response.writeHead(bytes ? 200 : 404, {
      ...headers,
      'Content-Type': types[extname(file)] ?? 'text/plain',
    });
    response.end(bytes);
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

const largestDifference = (a, b) =>
  a.length === b.length ? Math.max(...a.map((x, i) => Math.abs(x - b[i]))) : Infinity;

const node = await tenSteps();
console.log(
  `Node: ${node.threads} threads, ${node.build}, V after ten steps ${node.values.at(-1)}`,
);
const browser = await openBrowser();
const { check, finish } = checks();
try {
  for (const isolated of [true, false]) {
    const server = await serve(isolated);
    for (const place of ['', '?worker']) {
      const page = await browser.newPage();
      await page.goto(`http://127.0.0.1:${server.address().port}/${place}`);
      await page.waitForFunction(() => window.result, undefined, { timeout: 120_000 });
      const { error, threads, build, values, sample } = await page.evaluate(() => window.result);
      if (error) throw new Error(error);
      const differences = [
        largestDifference(values, node.values),
        largestDifference(sample, node.sample),
      ];
      const where = `${isolated ? 'isolated' : 'not isolated'}, ${place ? 'worker' : 'main thread'}`;
      const problems = [
        ...(threads > 1 === isolated ? [] : ['the number of threads']),
        ...(differences.every((difference) => difference === 0) ? [] : ['other numbers than Node']),
      ];
      check(
        `${where}: ${threads} threads, ${build}, ` +
          `V off by ${differences[0]}, pixels by ${differences[1]}`,
        problems,
      );
      await page.close();
    }
    server.close();
  }
} finally {
  await browser.close();
  await rm(outDir, { recursive: true });
}
finish();
// Threads of the backend go on.
process.exit();
