// Checks by a dry run that a release gives all packages one new version, and that they depend on
// each other by that version. The version is given here, because a shallow clone has no history to
// choose it by.
import { spawnSync } from 'node:child_process';
import { stripVTControlCharacters } from 'node:util';
import { published, root } from './pack/packages.mjs';

const args = ['nx', 'release', '9.8.7', '--dry-run', '--skip-publish', '--first-release'];
const { status, stdout, stderr } = spawnSync('npx', args, {
  cwd: root,
  shell: process.platform === 'win32',
  encoding: 'utf8',
  env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0' },
});
const printed = stripVTControlCharacters(stdout + stderr);
const problems = status === 0 ? [] : [`nx release ends with ${status}`];
const ranges = printed.split('\n').filter((line) => /^\+ +"@tgan\/[\w-]+": /.test(line));
for (const { name, manifest } of published) {
  if (!printed.includes(`${name} ✍️  New version 9.8.7 written`)) {
    problems.push(`${name} gets no new version`);
  }
  for (const other of Object.keys(manifest.dependencies ?? {})) {
    if (!other.startsWith('@tgan/')) continue;
    if (!ranges.some((line) => line.includes(`"${other}": "^9.8.7"`))) {
      problems.push(`nobody depends on the new ${other}, but ${name} does`);
    }
  }
}
if (problems.length > 0) {
  console.log([...new Set(problems), printed].join('\n'));
  process.exitCode = 1;
}
