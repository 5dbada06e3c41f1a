import { wrap, type Remote } from 'comlink';
import { withBase } from 'vitepress';
import { ref } from 'vue';
import type { FigureModel } from './worker.js';

type Question = Exclude<keyof FigureModel, 'open'>;

/** Why figures of the page do not move, or empty. */
export const failure = ref('');

let model: Remote<FigureModel>;
let opening: ReturnType<FigureModel['open']> | undefined;

/** Opens the model of the site in a worker, once for all figures of the page. */
export function openModel(): ReturnType<FigureModel['open']> {
  opening ??= start();
  return opening;
}

function start(): ReturnType<FigureModel['open']> {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
  model = wrap<FigureModel>(worker);
  // A worker that cannot be loaded answers nothing.
  const lost = new Promise<never>((_, reject) => {
    worker.addEventListener('error', ({ message }) => reject(new Error(message)));
  });
  const url = new URL(withBase('/models/moving-mnist-tiny'), location.href).href;
  return Promise.race([model.open(url), lost]);
}

/** Asks the model; opens it first if nobody has. */
export async function ask<Name extends Question>(
  name: Name,
  about: Parameters<FigureModel[Name]>[0],
): Promise<Awaited<ReturnType<FigureModel[Name]>>> {
  await openModel();
  const answer = model[name] as unknown as (
    about: Parameters<FigureModel[Name]>[0],
  ) => ReturnType<FigureModel[Name]>;
  return await answer(about);
}

/** Each label in turn, as `tgan sample` takes them. */
export const labelsInTurn = (count: number): number[] =>
  Array.from({ length: count }, (_, i) => i % 10);
