import { expect, it } from 'vitest';
import { processors } from './processors.js';

const of = (files: Readonly<Record<string, string>>) =>
  processors((path) => {
    if (path in files) return files[path];
    throw new Error('ENOENT');
  }, 16);

it.each([
  ['nothing is known', {}, 16],
  [
    'the quota is of the group itself',
    { '/proc/self/cgroup': '0::/a/b\n', '/sys/fs/cgroup/a/b/cpu.max': '200000 100000\n' },
    2,
  ],
  [
    'a group above has less',
    {
      '/proc/self/cgroup': '0::/a/b\n',
      '/sys/fs/cgroup/a/b/cpu.max': 'max 100000\n',
      '/sys/fs/cgroup/a/cpu.max': '50000 100000\n',
    },
    1,
  ],
  [
    'a container sees its own group as the root',
    { '/proc/self/cgroup': '0::/\n', '/sys/fs/cgroup/cpu.max': '250000 100000\n' },
    3,
  ],
  [
    'control groups are of version 1',
    {
      '/proc/self/cgroup': '3:memory:/x\n2:cpu,cpuacct:/x\n',
      '/sys/fs/cgroup/cpu/cpu.cfs_quota_us': '400000\n',
      '/sys/fs/cgroup/cpu/cpu.cfs_period_us': '100000\n',
    },
    4,
  ],
  [
    'version 1 has no quota',
    {
      '/proc/self/cgroup': '2:cpu:/\n',
      '/sys/fs/cgroup/cpu/cpu.cfs_quota_us': '-1\n',
      '/sys/fs/cgroup/cpu/cpu.cfs_period_us': '100000\n',
    },
    16,
  ],
])('where %s', (_, files, expected) => {
  expect(of(files)).toBe(expected);
});
