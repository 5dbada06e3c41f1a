// `?worker` trains in a Web Worker, as a page should. Without it the main thread trains.
import { tenSteps } from './ten-steps.js';

const inWorker = () =>
  new Promise((resolve) => {
    const worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = ({ message }) => resolve({ error: message });
  });

const trains = location.search === '?worker' ? inWorker() : tenSteps();
window.result = await trains.catch((error) => ({ error: String(error.stack) }));
