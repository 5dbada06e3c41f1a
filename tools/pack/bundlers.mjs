// The bundlers that strangers use for pages.
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { build as buildByVite } from 'vite';
import { bundle, installedProject, write } from './project.mjs';

const WEBPACK = '5.113.0';
let webpack;

/** Installs what only this script needs. */
export async function installBundlers(folder) {
  await installedProject(folder, [], [], { webpack: WEBPACK });
  webpack = createRequire(join(folder, 'package.json'))('webpack');
}

/** Each bundles a module for a page and returns the code. TensorFlow.js is bundled, too. */
export const bundlers = {
  async esbuild(folder, name, text) {
    const { outfile } = await bundle(folder, `esbuild-${name}`, text);
    return readFileSync(outfile, 'utf8');
  },

  async Vite(folder, name, text) {
    const page = `<!doctype html><script type="module" src="./vite-${name}.js"></script>`;
    write(folder, `vite-${name}.js`, text);
    const input = write(folder, `vite-${name}.html`, page);
    const outDir = join(folder, `vite-${name}`);
    await buildByVite({
      root: folder,
      configFile: false,
      logLevel: 'silent',
      build: { outDir, rolldownOptions: { input }, target: 'es2022', modulePreload: false },
    });
    return codeIn(outDir);
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
    return codeIn(path);
  },
};

function codeIn(folder) {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.js'))
    .map((file) => readFileSync(join(folder, file), 'utf8'))
    .join('\n');
}
