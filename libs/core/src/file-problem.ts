/** The meaning of an error of the file system, and how to fix it. */
export interface FileProblem {
  /** The code of the system, such as `ENOSPC`. */
  readonly code: string;
  /** In words: `the disk is full`. */
  readonly meaning: string;
  /** What to do, as an imperative: `free some space`. */
  readonly remedy: string;
  /** The file or folder, if the system names it. */
  readonly path?: string;
}

const problems: Readonly<Record<string, readonly [meaning: string, remedy: string]>> = {
  ENOSPC: ['the disk is full', 'free some space'],
  EDQUOT: ['the disk quota is used up', 'free some space'],
  EFBIG: ['a file is larger than allowed here', 'raise the limit'],
  EACCES: ['permission is denied', 'let this user write there'],
  EPERM: ['permission is denied', 'let this user write there'],
  EROFS: ['the file system is read-only', 'make it writable'],
  ENOENT: ['there is no such file or folder', 'put it back'],
  ENOTDIR: ['a file is in the way', 'put the folder back'],
  EISDIR: ['a folder is in the way', 'remove it'],
  EIO: ['the disk fails', 'copy what is there to another disk'],
  ESTALE: ['the network file system lost it', 'mount it again'],
  ETIMEDOUT: ['the network file system does not answer', 'check the network'],
  EBUSY: ['another program uses it', 'end that program'],
  EMFILE: ['too many files are open', 'raise the limit (ulimit -n)'],
  ENFILE: ['too many files are open', 'close other programs'],
  ENAMETOOLONG: ['the name is too long', 'choose a shorter one'],
  ELOOP: ['its links form a circle', 'remove one of them'],
  ERR_STRING_TOO_LONG: ['the file is too large to read', 'make it smaller'],
  ERR_FS_FILE_TOO_LARGE: ['the file is too large to read', 'make it smaller'],
};

/**
 * The file system problem behind an error or its cause.
 *
 * @returns undefined for errors of another kind.
 */
export function fileProblem(error: unknown): FileProblem | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code = '', path } = error as NodeJS.ErrnoException;
  if (!Object.hasOwn(problems, code)) return fileProblem(error.cause);
  const [meaning, remedy] = problems[code];
  return { code, meaning, remedy, ...(path !== undefined && { path }) };
}

/**
 * Why a file cannot be used, in a few words for a message: `the disk is full (ENOSPC)`. The first
 * line of an error of another kind.
 */
export function fileReason(error: unknown): string {
  const problem = fileProblem(error);
  if (problem) return `${problem.meaning} (${problem.code})`;
  return (error instanceof Error ? error.message : String(error)).split('\n')[0];
}
