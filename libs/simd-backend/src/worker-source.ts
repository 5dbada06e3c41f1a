import { ARGUMENTS_AT, Control, MAX_ARGUMENTS } from './layout.js';

/**
 * The script of a pool worker, as text: a string starts alike in Node (`eval: true`), in a page (a blob URL) and
 * under a bundler, and needs no file beside the library.
 *
 * It runs in Node's worker_threads and in Web Workers.
 */
export const workerSource = `
async function serve({ module, memory, thread, threads, spins }, ready) {
  const { exports } = await WebAssembly.instantiate(module, { env: { memory } });
  const kernels = Object.values(exports).filter((value) => typeof value === 'function');
  const control = new Int32Array(memory.buffer, 0, 128);
  const slots = new Float64Array(memory.buffer, ${ARGUMENTS_AT}, ${MAX_ARGUMENTS});
  let generation = Atomics.load(control, ${Control.generation});
  ready();
  for (;;) {
    for (let spin = 0; Atomics.load(control, ${Control.generation}) === generation; ) {
      if (++spin > spins) Atomics.wait(control, ${Control.generation}, generation);
    }
    generation = Atomics.load(control, ${Control.generation});
    const kernel = kernels[control[${Control.kernel}]];
    const tasks = control[${Control.tasks}];
    if (tasks < 0) return;
    const args = Array.from(slots.subarray(0, control[${Control.argumentCount}]));
    try {
      for (let i = 0; i < threads; i++) {
        // Its own share first, see src/pool.ts.
        const share = (thread + i) % threads;
        const end = Math.floor(((share + 1) * tasks) / threads);
        for (let task; (task = Atomics.add(control, ${Control.next} + share, 1)) < end; ) {
          kernel(task, thread, ...args);
        }
      }
    } catch (error) {
      Atomics.store(control, ${Control.failed}, 1);
    }
    if (Atomics.sub(control, ${Control.busy}, 1) === 1) Atomics.notify(control, ${Control.busy});
  }
}
if (typeof self === 'object' && typeof importScripts === 'function') {
  self.onmessage = ({ data }) => serve(data, () => self.postMessage('ready'));
} else {
  const { parentPort, workerData } = require('node:worker_threads');
  serve(workerData, () => parentPort.postMessage('ready'));
}
`;
