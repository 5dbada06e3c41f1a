import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitepress';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The libs that typedoc wrote pages for. */
const libs = readdirSync(here('../api/@tgan')).sort();

/** The guides are the repository's docs/, the API reference is what typedoc makes of the libs. */
export default defineConfig({
  title: 'tgan',
  description: 'Temporal GANs for video in TypeScript on TensorFlow.js',
  srcDir: '../..',
  // VitePress would read every Markdown file below srcDir.
  srcExclude: [
    '*.md',
    'api/**',
    'examples/**',
    'libs/**',
    'tools/**',
    'runs/**',
    'apps/cli/**',
    '**/dist/**',
    '**/_media/**',
  ],
  rewrites: {
    'docs/README.md': 'index.md',
    'docs/:page': ':page',
    'apps/docs/api/:path*': 'api/:path*',
  },
  outDir: './dist',
  markdown: {
    config(md) {
      // Links that are right on GitHub: from a guide to a lib's README, which its reference begins
      // with, and from there to a guide, of which typedoc makes a copy.
      md.core.ruler.push('libs', ({ tokens }) => {
        for (const token of tokens.flatMap(({ children }) => children ?? [])) {
          const link = token.attrGet('href') ?? '';
          const lib = /^(?:\.\.\/)+libs\/([\w-]+)\/README\.md/.exec(link);
          const guide = /_media\/([\w-]+\.md.*)/.exec(link);
          if (lib) token.attrSet('href', `/api/@tgan/${lib[1]}/index.md`);
          if (guide) token.attrSet('href', `/${guide[1]}`);
        }
      });
    },
  },
  themeConfig: {
    search: { provider: 'local' },
    nav: [
      { text: 'Guides', link: '/' },
      { text: 'API', link: '/api/' },
      { text: 'Playground', link: '/playground' },
    ],
    sidebar: [
      {
        text: 'Guides',
        items: [
          { text: 'Overview', link: '/' },
          { text: 'The Temporal GAN', link: '/temporal-gan' },
          { text: 'Singular value clipping', link: '/singular-value-clipping' },
          { text: 'Training', link: '/training' },
          { text: 'Using a trained model', link: '/trained-models' },
          { text: 'Recipes', link: '/recipes' },
          { text: 'Scores', link: '/metrics' },
          { text: 'Data', link: '/data' },
          { text: 'Playground', link: '/playground' },
          { text: 'Architecture', link: '/architecture' },
          { text: 'The simd backend', link: '/simd-backend' },
        ],
      },
      {
        text: 'API',
        items: libs.map((lib) => ({ text: `@tgan/${lib}`, link: `/api/@tgan/${lib}/` })),
      },
    ],
    outline: [2, 3],
  },
  vite: {
    publicDir: here('../public'),
    resolve: { conditions: ['@tgan/source'] },
    // TensorFlow.js in one chunk is large; only the playground loads it.
    build: { chunkSizeWarningLimit: 3000 },
  },
});
