import { spawnSync } from 'node:child_process';

const VERSION = '24.21.0';
const isWindows = process.platform === 'win32';

/** Whether this process has what Node 24 brings: kernels that compute eight floats at a time. */
export const hasNode24 = Number.parseInt(process.versions.node) >= 24;

/**
 * The arguments of npm that run `node` of version 24, which it fetches when it is needed for the
 * first time.
 */
export const onNode24 = (args) => [
  ...['exec', '--yes', `--package=node@${VERSION}`, '--', 'node'],
  ...args,
];

/** Runs it; the options are those of spawnSync. */
export function runOnNode24(args, options) {
  return spawnSync('npm', onNode24(args), { shell: isWindows, ...options });
}

/** Whether npm can fetch it here. */
export function canRunNode24() {
  return runOnNode24(['--version'], { stdio: 'ignore' }).status === 0;
}
