// What the packages for Node share. The main entry runs in browsers.
export { fileProblem, fileReason, type FileProblem } from './file-problem.js';
export { LockedError, lockFile, type FileLock, type LockOwner } from './lock-file.js';
export { syncFolder } from './sync-folder.js';
