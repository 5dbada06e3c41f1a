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

/** In the order of the help. */
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

/**
 * The command line of tgan. Each action loads its code when it runs, so that help is quick.
 *
 * @param args - what will be parsed: modules that it imports add flags.
 * @throws ModuleError or UsageError when such a module or the preset cannot be read.
 */
export async function createProgram(version: string, args: readonly string[]): Promise<Command> {
  const program = new Command('tgan')
    .description('Temporal GANs for video: train, sample and inspect them.')
    .version(version)
    .configureHelp({ showGlobalOptions: true })
    .showHelpAfterError('(run it with --help to see what there is)')
    // What was typed or pasted may hold what a terminal acts on.
    .configureOutput({ writeErr: (text) => process.stderr.write(printable(text)) })
    .exitOverride();
  for (const add of commands) await add(program, args);
  return program;
}
