import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LockedError, lockFile, type LockOwner } from './lock-file.js';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tgan-lock-'));
  path = join(folder, 'x.lock');
});
afterEach(() => rmSync(folder, { recursive: true }));

/**
 * Each line on its input makes it try; it answers `held` or the message, and keeps what it gets.
 */
const program = `
  const { runnerImport } = await import('vite');
  const { module } = await runnerImport(process.argv[1], { configFile: false });
  console.log('ready');
  process.stdin.on('data', () => module.lockFile(process.argv[2], 'tests locks').then(
    () => console.log('held'), (error) => console.log(error.name)));`;

async function start() {
  const module = fileURLToPath(new URL('./lock-file.ts', import.meta.url));
  const args = ['--input-type=module', '-e', program, module, path];
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  expect((await lines.next()).value).toBe('ready');
  const attempt = async () => {
    child.stdin.write('try\n');
    return (await lines.next()).value as string;
  };
  return { child, attempt };
}

async function kill(child: ChildProcess) {
  child.kill('SIGKILL');
  await once(child, 'close');
}

describe('lockFile', () => {
  it('is held by one at a time, and leaves nothing behind', async () => {
    const lock = await lockFile(path, 'packs clips.tgan');
    expect(readdirSync(folder)).toEqual(['x.lock']);
    const second = lockFile(path, 'packs clips.tgan');
    await expect(second).rejects.toThrow(LockedError);
    await expect(second).rejects.toThrow(`process ${process.pid} packs clips.tgan: wait for it`);
    expect(readdirSync(folder)).toEqual(['x.lock']);
    await lock.release();
    await lock.release();
    expect(readdirSync(folder)).toEqual([]);
    await (await lockFile(path, 'again')).release();
  });

  it('outlives kill -9 of its owner only until another process tries', async () => {
    const { child, attempt } = await start();
    expect(await attempt()).toBe('held');
    await expect(lockFile(path, 'tests')).rejects.toThrow(`process ${child.pid} tests locks`);
    await kill(child);
    expect(readdirSync(folder)).toEqual(['x.lock']);
    const lock = await lockFile(path, 'tests');
    expect(lock.owner.pid).toBe(process.pid);
    await lock.release();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('goes to one of many processes that start together, also over the lock of a dead one', async () => {
    const some = await Promise.all(Array.from({ length: 4 }, start));
    try {
      const owner = JSON.stringify({ ...(await ownOwner()), pid: 2 ** 22 + 1, id: 'dead' });
      for (const before of [undefined, owner, 'torn {', owner]) {
        rmSync(path, { force: true });
        if (before) {
          writeFileSync(path, before);
          utimesSync(path, 1, 1);
        }
        const answers = await Promise.all(some.map(({ attempt }) => attempt()));
        expect(answers.sort()).toEqual(['LockedError', 'LockedError', 'LockedError', 'held']);
        expect(readdirSync(folder)).toEqual(['x.lock']);
      }
    } finally {
      await Promise.all(some.map(({ child }) => kill(child)));
    }
  });

  it('tells another process of the same number by the time it began', async () => {
    const owner = await ownOwner();
    writeFileSync(path, JSON.stringify({ ...owner, id: 'old', started: '1' }));
    const lock = await lockFile(path, 'tests');
    expect(JSON.parse(readFileSync(path, 'utf8')).id).toBe(lock.owner.id);
    await lock.release();
  });

  it('knows of owners elsewhere by their signs of life only', async () => {
    const owner = { ...(await ownOwner()), host: 'elsewhere', boot: 'other', pid: 1, id: 'far' };
    writeFileSync(path, JSON.stringify(owner));
    await expect(lockFile(path, 'tests')).rejects.toThrow(
      /process 1 on elsewhere .*remove .*x.lock/,
    );
    utimesSync(path, Date.now() / 1000 - 100, Date.now() / 1000 - 100);
    await (await lockFile(path, 'tests')).release();
  });

  const onLinux = it.skipIf(process.platform !== 'linux');

  onLinux('knows this host under the name that it had when the lock was taken', async () => {
    const own = { ...(await ownOwner()), host: 'before', id: 'renamed' };
    writeFileSync(path, JSON.stringify(own));
    await expect(lockFile(path, 'tests')).rejects.toThrow(LockedError);
    writeFileSync(path, JSON.stringify({ ...own, pid: 2 ** 22 + 1 }));
    await (await lockFile(path, 'tests')).release();
  });

  onLinux('does not wait for an owner that has ended, and whose parent has not asked', async () => {
    // The shell becomes a program that never asks about the shell's child.
    const parent = spawn('sh', ['-c', 'sleep 0.2 & echo $!; exec sleep 60'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(parent.stdout, 'data')) as [Buffer];
    const pid = Number(line);
    const fields = () => {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    };
    const owner = { ...(await ownOwner()), pid, started: fields()[19], id: 'ended' };
    await vi.waitFor(() => expect(fields()[0]).toBe('Z'), { timeout: 10_000 });
    writeFileSync(path, JSON.stringify(owner));
    await (await lockFile(path, 'tests')).release();
    await kill(parent);
  });

  it('throws what the file system throws, and leaves nothing', async () => {
    await expect(lockFile(join(folder, 'no', 'x.lock'), 'tests')).rejects.toThrow(/ENOENT/);
    const probe = await open(join(folder, 'probe'), 'w');
    const full = Object.assign(new Error('ENOSPC: write'), { code: 'ENOSPC' });
    const spy = vi.spyOn(Object.getPrototypeOf(probe), 'writeFile').mockRejectedValue(full);
    await expect(lockFile(path, 'tests')).rejects.toThrow(/ENOSPC/);
    spy.mockRestore();
    await probe.close();
    expect(readdirSync(folder)).toEqual(['probe']);
  });

  async function ownOwner(): Promise<LockOwner> {
    const lock = await lockFile(`${path}.own`, 'tests');
    await lock.release();
    return lock.owner;
  }
});
