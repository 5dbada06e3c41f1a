// What the packages for Node share. The main entry runs in browsers.
export { LockedError, lockFile, type FileLock, type LockOwner } from './lock-file.js';
