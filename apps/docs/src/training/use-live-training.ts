import { proxy, releaseProxy, wrap, type Remote } from 'comlink';
import { withBase } from 'vitepress';
import { onBeforeUnmount, ref, shallowRef } from 'vue';
import { parse } from 'yaml';
import { filmOf, type Film } from '../film.js';
import { saveFile } from '../save-file.js';
import type { LiveConfig } from './live-run.js';
import type { StepLine, Trainer } from './trainer.worker.js';

const configFile = '/models/moving-mnist-tiny/config.yaml';
const digitsFile = '/data/mnist-digits.npz';

/** New samples come after every so many steps. */
const sampleEvery = 25;
/** Videos side by side. */
const columns = 5;

export type TrainingState = 'ready' | 'starting' | 'training' | 'paused' | 'done' | 'failed';

/** A run of the preset in a worker, which begins with `start`. */
export function useLiveTraining() {
  const state = ref<TrainingState>('ready');
  /** What went wrong. */
  const message = ref('');
  const threads = ref(0);
  /** The steps of the whole run. */
  const steps = ref(2200);
  const lines = shallowRef<readonly StepLine[]>([]);
  const film = shallowRef<Film>();
  /** The step that the film is of. */
  const filmStep = ref(0);
  let worker: Worker | undefined;
  let trainer: Remote<Trainer> | undefined;

  /** Does something with the trainer, and says on the page what went wrong. */
  async function attempt(work: (trainer: Remote<Trainer>) => Promise<void>): Promise<void> {
    try {
      trainer ??= startTrainer();
      await work(trainer);
    } catch (error) {
      fail(error instanceof Error ? error.message : String(error));
    }
  }

  function fail(why: string): void {
    state.value = 'failed';
    message.value = why;
  }

  function startTrainer(): Remote<Trainer> {
    worker = new Worker(new URL('./trainer.worker.ts', import.meta.url), { type: 'module' });
    worker.addEventListener('error', (event) => fail(event.message || 'the worker did not start'));
    return wrap<Trainer>(worker);
  }

  const start = () =>
    attempt(async (trainer) => {
      state.value = 'starting';
      const [config, digits] = await Promise.all([configFile, digitsFile].map(load));
      const values = parse(await config.text()) as LiveConfig;
      steps.value = values.steps;
      threads.value = await trainer.start(values, new Uint8Array(await digits.arrayBuffer()));
      await showSamples(0);
      await resume();
    });

  const resume = () =>
    attempt(async (trainer) => {
      state.value = 'training';
      await trainer.go(proxy(addLine));
      state.value = lines.value.length === steps.value ? 'done' : 'paused';
    });

  const pause = () => attempt((trainer) => trainer.pause());

  const download = () =>
    attempt(async (trainer) => {
      const weights = await trainer.weights();
      const name = `page-run-step-${lines.value.length}.safetensors`;
      saveFile(name, new Blob([weights as Uint8Array<ArrayBuffer>]));
    });

  function addLine(line: StepLine): void {
    lines.value = [...lines.value, line];
    if (line.step % sampleEvery === 0) void attempt(() => showSamples(line.step));
  }

  async function showSamples(step: number): Promise<void> {
    const { data, shape } = await trainer!.samples();
    film.value = filmOf(data, shape, columns);
    filmStep.value = step;
  }

  onBeforeUnmount(() => {
    trainer?.[releaseProxy]();
    worker?.terminate();
  });
  return { state, message, threads, steps, lines, film, filmStep, start, pause, resume, download };
}

/** A file of the site. */
async function load(path: string): Promise<Blob> {
  const url = withBase(path);
  const response = await fetch(url);
  if (!response.ok) throw new Error(`cannot load ${url}: ${response.status}`);
  return response.blob();
}
