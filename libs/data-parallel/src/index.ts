export { connect, type ConnectOptions } from './connect.js';
export { MpiError } from './errors.js';
export { inspectMpi, type MpiReport } from './inspect.js';
export { findLauncher, type Launcher } from './launcher.js';
export type { MpiCommunicator } from './mpi-communicator.js';
