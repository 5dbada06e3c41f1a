import { readdirSync, readFileSync } from 'node:fs';

const libs = new URL('../../libs/', import.meta.url);

/** Every lib that is published. */
const entryPoints = readdirSync(libs)
  .filter((name) => !JSON.parse(readFileSync(new URL(`${name}/package.json`, libs))).private)
  .map((name) => `../../libs/${name}`);

/** The API reference: one folder of Markdown pages for each lib, api/NAME. */
export default {
  plugin: ['typedoc-plugin-markdown', './typedoc-plugin.mjs'],
  entryPointStrategy: 'packages',
  entryPoints,
  packageOptions: {
    entryPoints: ['src/index.ts'],
    excludePrivate: true,
    excludeInternal: true,
    excludeExternals: true,
    skipErrorChecking: true,
    disableSources: true,
  },
  name: 'API reference',
  readme: 'none',
  out: 'api',
  logLevel: 'Error',
  disableGit: true,
  disableSources: true,
  entryFileName: 'index',
  mergeReadme: true,
  hidePageHeader: true,
  hideBreadcrumbs: true,
  useHTMLEncodedBrackets: true,
  sanitizeComments: true,
  indexFormat: 'table',
  interfacePropertiesFormat: 'table',
  typeDeclarationFormat: 'table',
  parametersFormat: 'table',
  // That all are read only says nothing, and where from least.
  tableColumnSettings: { hideModifiers: true, hideInherited: true, hideOverrides: true },
};
