// Prints the errors of TypeScript in the modules of a project, and in the typings of tgan that they
// reach. `tsc` without `skipLibCheck` would spend most of its time on the typings of others.
//
//   node tools/pack/type-errors.mjs PROJECT/tsconfig.json
import { dirname } from 'node:path';
import ts from 'typescript';

const [, , configFile] = process.argv;
const { config } = ts.readConfigFile(configFile, ts.sys.readFile);
const { fileNames, options } = ts.parseJsonConfigFileContent(config, ts.sys, dirname(configFile));
const program = ts.createProgram(fileNames, options);

const isChecked = ({ fileName }) =>
  !fileName.includes('/node_modules/') || fileName.includes('/node_modules/@tgan/');
const diagnostics = [
  ...program.getOptionsDiagnostics(),
  ...program.getGlobalDiagnostics(),
  ...program
    .getSourceFiles()
    .filter((file) => !program.isSourceFileDefaultLibrary(file) && isChecked(file))
    .flatMap((file) => [
      ...program.getSyntacticDiagnostics(file),
      ...program.getSemanticDiagnostics(file),
    ]),
];
const host = { getCurrentDirectory: ts.sys.getCurrentDirectory, getNewLine: () => '\n' };
const plain = { ...host, getCanonicalFileName: (name) => name };
process.stdout.write(ts.formatDiagnostics(diagnostics, plain));
process.exitCode = diagnostics.length > 0 ? 1 : 0;
