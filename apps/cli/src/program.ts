import { Command } from 'commander';
import { addDataset } from './program/dataset.js';
import { addDoctor } from './program/doctor.js';
import { addExport } from './program/export.js';
import { addImport } from './program/import.js';
import { addInterpolate } from './program/interpolate.js';
import { addPlot } from './program/plot.js';
import { addProject } from './program/project.js';
import { addSample } from './program/sample.js';
import { addServe } from './program/serve.js';
import { addResume, addTrain } from './program/train.js';
import { addTransition } from './program/transition.js';

/** The command line of tgan. Each action loads its code when it runs, so that help is quick. */
export function createProgram(version: string): Command {
  const program = new Command('tgan')
    .description('Temporal GANs for video: train, sample and inspect them.')
    .version(version)
    .configureHelp({ showGlobalOptions: true })
    .showHelpAfterError('(run it with --help to see what there is)')
    .exitOverride();

  // In the order of the help.
  const commands = [
    ...[
      addTrain,
      addResume,
      addPlot,
      addServe,
      addSample,
      addInterpolate,
      addTransition,
      addProject,
    ],
    ...[addImport, addExport, addDataset, addDoctor],
  ];
  for (const add of commands) add(program);
  return program;
}
