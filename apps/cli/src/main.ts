#!/usr/bin/env node
import { CommanderError } from 'commander';
import { report } from './errors.js';
import { guardOutput } from './log.js';
import { createProgram } from './program.js';
import { version } from './version.js';

guardOutput();
try {
  const args = process.argv.slice(2);
  await (await createProgram(version, args)).parseAsync(args, { from: 'user' });
} catch (error) {
  // Commander has said it already; its own code 1 for wrong usage is our 2.
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
  else process.exitCode = report(error);
}
