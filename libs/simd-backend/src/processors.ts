// Not by `import`, here and elsewhere: bundlers for pages refuse it. Only Node loads this module.
const { readFileSync } = process.getBuiltinModule('node:fs');
const { availableParallelism } = process.getBuiltinModule('node:os');
const { dirname, join } = process.getBuiltinModule('node:path').posix;

/**
 * How many processors this process can keep busy: those that its affinity allows, and no more than
 * the quota of its control groups pays for. A container with a quota still sees all processors of
 * the machine; a thread for each would wait for the others most of the time.
 *
 * @param read - for tests: reads a file, and throws when there is none.
 * @param available - for tests: what the affinity allows.
 */
export function processors(
  read: (path: string) => string = (path) => readFileSync(path, 'utf8'),
  available = availableParallelism(),
): number {
  const quota = Math.min(...groups(read).map((folder) => quotaOf(folder, read)));
  return Math.max(1, Math.min(available, Math.ceil(quota)));
}

/** The folders of this process's control groups, with those above them. */
function groups(read: (path: string) => string): string[] {
  const lines = (attempt(() => read('/proc/self/cgroup')) ?? '').split('\n');
  return lines.flatMap((line) => {
    const [, controllers = '', path = '/'] = /^\d+:([^:]*):(\/.*)$/.exec(line) ?? [];
    if (line === '') return [];
    if (controllers !== '' && !controllers.split(',').includes('cpu')) return [];
    const root = controllers === '' ? '/sys/fs/cgroup' : '/sys/fs/cgroup/cpu';
    const folders: string[] = [];
    for (let at = path; ; at = dirname(at)) {
      folders.push(join(root, at));
      if (at === '/') return folders;
    }
  });
}

/** Processors that a group's quota pays for; Infinity without one. Version 2, then version 1. */
function quotaOf(folder: string, read: (path: string) => string): number {
  const numbers =
    attempt(() => read(join(folder, 'cpu.max')).split(' ')) ??
    attempt(() => [
      read(join(folder, 'cpu.cfs_quota_us')),
      read(join(folder, 'cpu.cfs_period_us')),
    ]) ??
    [];
  const [quota, period] = numbers.map(Number);
  return quota > 0 && period > 0 ? quota / period : Infinity;
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
