// The bundlers that strangers use for pages.
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { installedProject, write } from './project.mjs';

const WEBPACK = '5.113.0';
let webpack;

/** Installs what only the scripts that use all of them need. */
export async function installBundlers(folder) {
  ({ default: webpack } = await installedModule(folder, 'webpack', WEBPACK));
}

/** Installs a version of a package into a folder of its own, and imports it. */
export async function installedModule(folder, name, version) {
  await installedProject(folder, [], [], { [name]: version });
  const file = createRequire(join(folder, 'package.json')).resolve(name);
  return import(pathToFileURL(file).href);
}

/** Each bundles a module of a project and returns the page that runs it. */
export const bundlers = {
  /** @param {import('esbuild').BuildOptions} [options] - beside those of {@link bundle}. */
  async esbuild(folder, name, text, options) {
    const { outfile } = await bundle(folder, `${name}/esbuild`, text, options);
    return write(dirname(outfile), 'index.html', pageOf('type="module" src="./esbuild.mjs"'));
  },

  /** @param {Pick<typeof import('vite'), 'build'>} [vite] - by default that of the repository. */
  async Vite(folder, name, text, vite) {
    const { build } = vite ?? (await import('vite'));
    const outDir = join(folder, `vite-${name}`);
    // Vite 7 has no other name for these options, and Vite 8 takes them, too.
    const rollupOptions = { input: writeVitePage(folder, name, text) };
    await build({
      root: folder,
      configFile: false,
      logLevel: 'silent',
      build: { outDir, rollupOptions, target: 'es2022', modulePreload: false },
    });
    return join(outDir, `vite-${name}.html`);
  },

  async webpack(folder, name, text) {
    const entry = write(folder, `webpack-${name}.js`, text);
    const path = join(folder, `webpack-${name}`);
    const compiler = webpack({
      ...{ context: folder, entry, output: { path }, target: 'web', mode: 'production' },
      performance: false,
    });
    await new Promise((resolve, reject) => {
      compiler.run((error, stats) => {
        if (error ?? stats.hasErrors()) reject(error ?? new Error(stats.toString('errors-only')));
        else compiler.close(resolve);
      });
    });
    return write(path, 'index.html', pageOf('defer src="./main.js"'));
  },
};

/**
 * Bundles a module by esbuild.
 *
 * @param {import('esbuild').BuildOptions} [options] - what differs from a minified module for
 * pages.
 * @returns the bytes of the bundle, and compressed by gzip.
 */
export async function bundle(folder, name, text, options = {}) {
  const outfile = join(folder, `bundles/${name}.mjs`);
  await build({
    absWorkingDir: folder,
    stdin: { contents: text, resolveDir: folder },
    outfile,
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    logLevel: 'silent',
    loader: { '.wasm': 'file' },
    ...options,
  });
  const code = readFileSync(outfile);
  return { outfile, bytes: code.length, gzip: gzipSync(code).length };
}

/** Writes a page with a module, for what Vite builds and for its server. */
export function writeVitePage(folder, name, text) {
  write(folder, `vite-${name}.js`, text);
  return write(folder, `vite-${name}.html`, pageOf(`type="module" src="./vite-${name}.js"`));
}

/** A page. Its empty icon spares the browser a request that fails. */
function pageOf(script) {
  return `<!doctype html><link rel="icon" href="data:," /><script ${script}></script>`;
}

/** The code beside a page. */
export function codeOf(page) {
  const folder = dirname(page);
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.m?js$/.test(file))
    .map((file) => readFileSync(join(folder, file), 'utf8'))
    .join('\n');
}
