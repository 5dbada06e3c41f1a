import { Command } from 'commander';
import { printable } from './log.js';
import { addDataset } from './program/dataset.js';
import { addDoctor } from './program/doctor.js';
import { addEvaluate } from './program/evaluate.js';
import { addExport } from './program/export.js';
import { addImport } from './program/import.js';
import { addInterpolate } from './program/interpolate.js';
import { addPlot } from './program/plot.js';
import { addProject } from './program/project.js';
import { addSample } from './program/sample.js';
import { addServe } from './program/serve.js';
import { addResume, addTrain } from './program/train.js';
import { addTransition } from './program/transition.js';

/** The commands, in the order of the help. */
const commands = [
  addTrain,
  addResume,
  addPlot,
  addServe,
  addEvaluate,
  addSample,
  addInterpolate,
  addTransition,
  addProject,
  addImport,
  addExport,
  addDataset,
  addDoctor,
];

const examples = `
Examples:
  tgan train moving-mnist-tiny                       train a small model in a few minutes
  tgan sample runs/moving-mnist-tiny --out nine.gif  make videos with it
  tgan train --help                                  list the presets and every option

Exit codes: 0 done, 1 failed, 2 wrong usage, 129, 130 and 143 stopped by a signal.`;

/**
 * The command line of tgan. Each action loads its code when it runs, so help starts quickly.
 *
 * @param args - the arguments that will be parsed. Modules that they import add flags.
 * @throws ModuleError or UsageError when such a module or the preset cannot be read.
 */
export async function createProgram(version: string, args: readonly string[]): Promise<Command> {
  const program = new Command('tgan')
    .description('Train Temporal GANs for video, sample them, and score what they learned.')
    .version(version)
    .configureHelp({ showGlobalOptions: true })
    .addHelpText('after', examples)
    .showHelpAfterError('(add --help to see the options)')
    // What was typed or pasted may hold what a terminal acts on.
    .configureOutput({ writeErr: (text) => process.stderr.write(printable(text)) })
    .exitOverride();
  for (const add of commands) await add(program, args);
  return program;
}
