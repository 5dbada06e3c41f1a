import { spawnSync } from 'node:child_process';

const VERSION = '24.21.0';
const isWindows = process.platform === 'win32';

/** Whether this process has what Node 24 brings: kernels that compute eight floats at a time. */
export const hasNode24 = Number.parseInt(process.versions.node) >= 24;

/**
 * The arguments of npm that run `node` of another version, which it fetches when it is needed for
 * the first time.
 */
export const onNode = (version, args) => [
  ...['exec', '--yes', `--package=node@${version}`, '--', 'node'],
  ...args,
];

/** {@link onNode} of version 24. */
export const onNode24 = (args) => onNode(VERSION, args);

/** Runs it; the options are those of spawnSync. */
export function runOnNode24(args, options) {
  return spawnSync('npm', onNode24(args), { shell: isWindows, ...options });
}

/** Whether npm can fetch it here. */
export function canRunNode24() {
  return canRunNode(VERSION);
}

/** Whether npm can fetch a version of Node here. */
export function canRunNode(version) {
  const args = onNode(version, ['--version']);
  return spawnSync('npm', args, { shell: isWindows, stdio: 'ignore' }).status === 0;
}
