import { releaseProxy, wrap, type Remote } from 'comlink';
import { zipSync } from 'fflate';
import { onBeforeUnmount, ref, shallowRef } from 'vue';
import type { GivenFiles } from '../dropped.js';
import { newestOnly } from '../newest.js';
import { saveFile } from '../save-file.js';
import type { ClippedModel } from './model-clipper.js';
import type { SvcWorker } from './svc.worker.js';

export type SvcState = 'empty' | 'busy' | 'clipped' | 'failed';

/** A model in a worker that is clipped whenever it or the bound changes. */
export function useSvcTool() {
  const name = ref('');
  const bound = ref(1);
  const clipped = shallowRef<ClippedModel>();
  const status = ref('No model is open.');
  const state = ref<SvcState>('empty');
  const newest = newestOnly();
  let worker: Worker | undefined;
  let tool: Remote<SvcWorker> | undefined;

  /** Does something with the worker, and says on the page what went wrong. */
  async function attempt(
    work: (tool: Remote<SvcWorker>) => Promise<void>,
    meanwhile: SvcState = 'busy',
  ): Promise<void> {
    state.value = meanwhile;
    try {
      tool ??= startTool();
      await work(tool);
      state.value = 'clipped';
    } catch (error) {
      fail(error instanceof Error ? error.message : String(error));
    }
  }

  function fail(why: string): void {
    state.value = 'failed';
    status.value = why;
  }

  function startTool(): Remote<SvcWorker> {
    worker = new Worker(new URL('./svc.worker.ts', import.meta.url), { type: 'module' });
    worker.addEventListener('error', (event) => fail(event.message || 'the worker did not start'));
    return wrap<SvcWorker>(worker);
  }

  const clip = (tool: Remote<SvcWorker>) =>
    newest(async () => {
      status.value = `clipping ${name.value} ...`;
      const began = performance.now();
      clipped.value = await tool.clip(bound.value);
      const seconds = ((performance.now() - began) / 1000).toFixed(1);
      const kernels = clipped.value.layers.length;
      status.value = `${name.value}: ${kernels} kernels clipped to ${bound.value} and measured in ${seconds} s`;
    });

  const openExample = () =>
    attempt(async (tool) => {
      await tool.openExample();
      name.value = 'a small critic of the paper';
      await clip(tool);
    });

  const openGiven = (read: () => GivenFiles | Promise<GivenFiles>) =>
    attempt(async (tool) => {
      const given = await read();
      await tool.open(given.files);
      name.value = given.name;
      await clip(tool);
    });

  function setBound(value: number): void {
    if (!(value > 0)) return;
    bound.value = value;
    if (clipped.value) void attempt(clip);
  }

  // The button stays enabled, and so keeps the focus.
  const download = () =>
    attempt(async (tool) => {
      const zip = zipSync(Object.fromEntries(await tool.files()));
      saveFile('clipped-model.zip', new Blob([zip as Uint8Array<ArrayBuffer>]));
    }, 'clipped');

  onBeforeUnmount(() => {
    tool?.[releaseProxy]();
    worker?.terminate();
  });
  return { bound, clipped, status, state, openExample, openGiven, setBound, download };
}
