// Compares what every library exports with the reports in `api/`, so that a change of the public
// API shows in review.
//
//   npx nx run-many -t build
//   node tools/api-reports.mjs           # fails where a report differs
//   node tools/api-reports.mjs --update  # writes the reports
//
// Each entry of a package has a report, such as `api/svc-constraint.api.md`.
import {
  CompilerState,
  ConsoleMessageId,
  Extractor,
  ExtractorConfig,
  ExtractorLogLevel,
} from '@microsoft/api-extractor';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { libraries, root } from './pack/packages.mjs';

const update = process.argv.includes('--update');
const reports = join(root, 'api');
const temporary = mkdtempSync(join(tmpdir(), 'tgan-api-'));

const entries = libraries.flatMap(({ folder, manifest }) =>
  Object.entries(manifest.exports)
    // The kernels of the simd backend are files, not modules.
    .filter(([, { types }]) => types)
    .map(([path, { types }]) => ({
      folder: join(root, folder),
      typings: join(root, folder, types),
      report: `${[folder.split(/[/\\]/).at(-1), ...path.split('/').slice(1)].join('.')}.api.md`,
    })),
);
const configs = entries.map(configOf);
// One program for all of them: TensorFlow.js and zod are read once.
const compilerState = CompilerState.create(configs[0], {
  additionalEntryPoints: entries.map(({ typings }) => typings),
});

const changed = [];
for (const [i, config] of configs.entries()) {
  const { report } = entries[i];
  const { apiReportChanged, errorCount } = Extractor.invoke(config, {
    compilerState,
    localBuild: update,
    messageCallback(message) {
      // It speaks about each report; this script does.
      if (message.messageId in ConsoleMessageId || message.logLevel !== 'error')
        message.handled = true;
    },
  });
  if (apiReportChanged || errorCount > 0) changed.push(report);
}
const names = entries.map(({ report }) => report);
for (const file of readdirSync(reports)) {
  if (names.includes(file)) continue;
  if (update) rmSync(join(reports, file));
  changed.push(file);
}
rmSync(temporary, { recursive: true });

if (update) {
  console.log(`${changed.length} of ${names.length} reports were written`);
} else if (changed.length > 0) {
  console.log(`the public API is not that of ${changed.map((file) => `api/${file}`).join(', ')}`);
  console.log('write it by: node tools/api-reports.mjs --update');
  process.exitCode = 1;
}

function configOf({ folder, typings, report }) {
  const silent = { default: { logLevel: ExtractorLogLevel.None } };
  return ExtractorConfig.prepare({
    configObject: {
      projectFolder: folder,
      newlineKind: 'lf',
      mainEntryPointFilePath: typings,
      compiler: {
        overrideTsconfig: {
          compilerOptions: {
            ...{ module: 'nodenext', moduleResolution: 'nodenext', target: 'es2022' },
            ...{ lib: ['es2023', 'dom', 'dom.iterable'], types: ['node'], strict: true },
            skipLibCheck: true,
          },
          files: [typings],
        },
      },
      apiReport: {
        enabled: true,
        reportFolder: reports,
        reportTempFolder: temporary,
        reportFileName: report,
        includeForgottenExports: true,
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages: {
        compilerMessageReporting: silent,
        extractorMessageReporting: silent,
        tsdocMessageReporting: silent,
      },
    },
    configObjectFullPath: undefined,
    packageJsonFullPath: join(folder, 'package.json'),
  });
}
