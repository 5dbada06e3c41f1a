import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { link, open, readFile, readlink, rename, rm, stat, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';
import { promisify } from 'node:util';

/** The owner of a lock, as the lock file describes it. */
export interface LockOwner {
  /** Unique to this lock. */
  readonly id: string;
  readonly pid: number;
  /**
   * When the process began, in the words of the system; no other process has that pid and this
   * time.
   */
  readonly started?: string;
  /** The machine, and since when it runs. */
  readonly host: string;
  readonly boot?: string;
  /** Where the pid counts: containers number their processes anew. */
  readonly pids?: string;
  /** What the process does, for a person. */
  readonly does: string;
}

/** A lock is held by a process that may still run. The message names it. */
export class LockedError extends Error {
  override readonly name = 'LockedError';
  readonly owner: LockOwner;

  constructor(path: string, owner: LockOwner) {
    const where = owner.host === hostname() ? '' : ` on ${owner.host}`;
    super(
      `process ${owner.pid}${where} ${owner.does}: wait for it or end it ` +
        `(if it is gone for certain, remove ${path})`,
    );
    this.owner = owner;
  }
}

/** A lock that this process holds. */
export interface FileLock {
  readonly owner: LockOwner;
  /** Releases the lock. A second call does nothing. */
  release(): Promise<void>;
}

/** Seconds from one renewal of the lock file to the next. */
const pulse = 5;

/** Seconds without a renewal after which an owner on another machine counts as ended. */
const silence = 60;

/**
 * Takes a lock: a file that names its owner. If the owner has ended, also by `kill -9` or a power
 * cut, the lock is taken over. If several processes try at once, one of them gets it.
 *
 * An owner on this machine is identified by its pid and start time. An owner elsewhere, such as in
 * another container, renews the time of the file every 5 seconds. It counts as ended after a minute
 * without a renewal.
 *
 * @param path - the lock file, beside what it protects.
 * @param does - what this process does with the lock, such as `prepares my.tgan`.
 * @throws LockedError when another process holds it, or this one does; what the file system throws.
 */
export async function lockFile(path: string, does: string): Promise<FileLock> {
  const owner = await self(does);
  const own = `${path}.${owner.id}`;
  await writeNew(own, JSON.stringify(owner));
  try {
    for (;;) {
      if (await take(own, path)) return hold(path, owner);
      const text = await read(path);
      if (text === undefined) continue; // given back just now
      const other = ownerOf(text);
      if (other ? await lives(other, path, own) : !(await isOld(path, own))) {
        throw new LockedError(path, other ?? unknownOwner);
      }
      if (await replace(own, path, text, other?.id ?? 'unreadable')) return hold(path, owner);
    }
  } finally {
    await rm(own, { force: true });
  }
}

const unknownOwner: LockOwner = { id: '', pid: 0, host: hostname(), does: 'is about to lock this' };

/** Creates a file under a name that no file has. */
async function take(own: string, path: string): Promise<boolean> {
  try {
    await link(own, path);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return false;
    if (!['EPERM', 'ENOTSUP', 'ENOSYS', 'EOPNOTSUPP', 'EMLINK'].includes(code ?? '')) throw error;
  }
  // A file system without links.
  try {
    await writeNew(path, (await readFile(own)).toString());
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/**
 * Takes over a lock whose owner has ended. Whoever makes the claim, of which there is one for each
 * lock, may put another one in its place.
 */
async function replace(own: string, path: string, dead: string, id: string): Promise<boolean> {
  const claim = `${path}.claim-${id.replaceAll(/[^\w-]/g, '').slice(0, 64)}`;
  if (!(await take(own, claim))) {
    const claimant = ownerOf((await read(claim)) ?? '');
    if (claimant && !(await lives(claimant, claim, own))) await rm(claim, { force: true });
    await new Promise((resolve) => setTimeout(resolve, 20));
    return false;
  }
  try {
    // Another process may have been faster since the owner was looked for.
    if ((await read(path)) !== dead) return false;
    await rename(own, path);
    return true;
  } finally {
    await rm(claim, { force: true });
  }
}

function hold(path: string, owner: LockOwner): FileLock {
  const timer = setInterval(() => {
    const now = new Date();
    utimes(path, now, now).catch(() => {}); // removed by hand, say
  }, pulse * 1000).unref();
  let held = true;
  return {
    owner,
    async release() {
      if (!held) return;
      held = false;
      clearInterval(timer);
      if (ownerOf((await read(path)) ?? '')?.id === owner.id) await rm(path, { force: true });
    },
  };
}

async function self(does: string): Promise<LockOwner> {
  const { pid } = process;
  const started = await startOf(pid);
  const boot = (await read('/proc/sys/kernel/random/boot_id'))?.trim();
  const pids = await readlink('/proc/self/ns/pid').catch(() => undefined);
  return { id: randomUUID(), pid, started, host: hostname(), boot, pids, does };
}

/** Whether the owner of a lock may still run. */
async function lives(owner: LockOwner, path: string, own: string): Promise<boolean> {
  const here = await self('');
  // A host may have got another name since.
  const isHost = owner.host === here.host || (owner.boot !== undefined && owner.boot === here.boot);
  if (!isHost || owner.pids !== here.pids) return !(await isOld(path, own));
  if (owner.boot !== here.boot) return false;
  const started = await startOf(owner.pid);
  return started === undefined ? isRunning(owner.pid) : started === owner.started;
}

/**
 * Whether a file has not been renewed for too long, by the clock of the file system that wrote this
 * process's own.
 */
async function isOld(path: string, own: string): Promise<boolean> {
  const now = new Date();
  await utimes(own, now, now);
  const [there, here] = await Promise.all([stat(path).catch(() => undefined), stat(own)]);
  return there !== undefined && here.mtimeMs - there.mtimeMs > silence * 1000;
}

/**
 * The start time of a process; undefined if there is no such process or the system does not say;
 * `ended` for one that has ended, and that its parent has not asked about.
 */
async function startOf(pid: number): Promise<string | undefined> {
  if (process.platform === 'win32') return undefined;
  if (process.platform === 'linux') {
    // After the name in brackets, which may hold anything: the 20th number.
    const text = await read(`/proc/${pid}/stat`);
    const fields = text?.slice(text.lastIndexOf(')') + 2).split(' ');
    return fields?.[0] === 'Z' ? 'ended' : fields?.[19];
  }
  return promisify(execFile)('ps', ['-o', 'lstart=', '-p', `${pid}`]).then(
    ({ stdout }) => stdout.trim() || undefined,
    () => undefined,
  );
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it runs, as another user.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function ownerOf(text: string): LockOwner | undefined {
  try {
    const owner = JSON.parse(text) as LockOwner;
    return Number.isSafeInteger(owner.pid) && owner.pid > 0 && owner.id ? owner : undefined;
  } catch {
    return undefined;
  }
}

/** The text of a file; undefined when there is none. */
async function read(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}

/** Writes a file that was not there, whole or not at all. */
async function writeNew(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx');
  try {
    await file.writeFile(text).finally(() => file.close());
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
}
