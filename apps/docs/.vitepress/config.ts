import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig, type HeadConfig } from 'vitepress';
import { formulas } from './formulas.js';
import { repository, siteLinks } from './links.js';
import { sidebar } from './sidebar.js';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Where the site will be, if that is known: with it come canonical links and a sitemap. */
const site = process.env.SITE_URL ? new URL(process.env.SITE_URL.replace(/\/*$/, '/')) : undefined;
const base = site?.pathname ?? '/';

const { version } = JSON.parse(readFileSync(here('../package.json'), 'utf8')) as {
  version: string;
};

/** With these headers pages have threads. Without, they train and draw more slowly. */
const isolation = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

/** The picture that other sites show with a link to this one. They need its whole address. */
const card = (site: URL): HeadConfig[] => [
  ['meta', { property: 'og:image', content: new URL('pictures/card.png', site).href }],
  ['meta', { property: 'og:image:width', content: '1200' }],
  ['meta', { property: 'og:image:height', content: '630' }],
  ['meta', { property: 'og:image:alt', content: 'tgan, beside twenty generated videos of digits' }],
  ['meta', { name: 'twitter:card', content: 'summary_large_image' }],
];

const addressOf = (page: string) =>
  new URL(page.replace(/(^|\/)index\.md$/, '$1').replace(/\.md$/, '.html'), site).href;

/** The guides are the repository's docs/, the API reference is what typedoc makes of the libs. */
export default defineConfig({
  title: 'tgan',
  description: 'Temporal GANs for video in TypeScript on TensorFlow.js',
  base,
  srcDir: '../..',
  // VitePress would read every Markdown file below srcDir.
  srcExclude: [
    '{README,CONTRIBUTING}.md',
    'api/**',
    'examples/**',
    'libs/**',
    'tools/**',
    'runs/**',
    'apps/cli/**',
    // pages/api.md groups the packages by task.
    'apps/docs/api/index.md',
    '**/dist/**',
    '**/_media/**',
  ],
  rewrites: {
    'docs/README.md': 'guides.md',
    'docs/:page': ':page',
    'CHANGELOG.md': 'changelog.md',
    'apps/docs/pages/api.md': 'api/index.md',
    'apps/docs/pages/:page': ':page',
    'apps/docs/api/cli.md': 'cli.md',
    'apps/docs/api/:path*': 'api/:path*',
  },
  outDir: './dist',
  head: [
    ['link', { rel: 'icon', type: 'image/svg+xml', href: `${base}favicon.svg` }],
    ['meta', { name: 'theme-color', content: '#111114' }],
    ['meta', { property: 'og:type', content: 'website' }],
    ['meta', { property: 'og:site_name', content: 'tgan' }],
    ...(site ? card(site) : []),
  ],
  transformHead({ title, description, pageData: { relativePath } }) {
    const head: HeadConfig[] = [
      ['meta', { property: 'og:title', content: title }],
      ['meta', { property: 'og:description', content: description }],
    ];
    if (!site || relativePath === '404.md') return head;
    const href = addressOf(relativePath);
    return [
      ...head,
      ['link', { rel: 'canonical', href }],
      ['meta', { property: 'og:url', content: href }],
    ];
  },
  transformPageData({ filePath, frontmatter }) {
    // Nobody edits what tools have made.
    if (filePath.startsWith('apps/docs/api/')) frontmatter.editLink = false;
  },
  sitemap: site && { hostname: site.href },
  markdown: {
    theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
    config(md) {
      md.use(siteLinks);
      md.use(formulas);
    },
  },
  themeConfig: {
    logo: '/favicon.svg',
    search: {
      provider: 'local',
      options: {
        miniSearch: {
          searchOptions: {
            // Guides before the reference, pages before their sections. This runs in the browser.
            boostDocument: (id, _term, { titles } = {}) =>
              (/\/api\//.test(String(id)) ? 0.2 : 1) *
              ((titles as string[]).length === 0 ? 1.2 : 1),
          },
        },
      },
    },
    nav: [
      { text: 'Guides', link: '/quick-start' },
      { text: 'Explained', link: '/explained' },
      { text: 'Playground', link: '/playground' },
      { text: 'CLI', link: '/cli' },
      { text: 'API', link: '/api/' },
      { text: version, link: '/changelog' },
    ],
    sidebar,
    socialLinks: [{ icon: 'github', link: repository }],
    editLink: { pattern: `${repository}/edit/main/:path`, text: 'Edit this page' },
    footer: {
      message: 'MIT license. No page of this site asks another server for anything.',
      copyright: `<a href="${repository}">Source</a> · <a href="${base}changelog.html">Changelog</a>`,
    },
    outline: [2, 3],
  },
  vite: {
    publicDir: here('../public'),
    resolve: {
      conditions: ['@tgan/source'],
      alias: [{ find: /^@tensorflow\/tfjs$/, replacement: here('../src/tfjs.ts') }],
    },
    worker: { format: 'es' },
    server: { headers: isolation },
    preview: { headers: isolation },
    // TensorFlow.js in one chunk is large; only workers and some figures load it.
    build: { chunkSizeWarningLimit: 3000 },
  },
});
