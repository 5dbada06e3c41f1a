import { readFileSync } from 'node:fs';

/** A published package: its name without the scope, and what it is in one line. */
export interface Lib {
  readonly name: string;
  readonly description: string;
}

/** What one does with packages, and the packages for it, the one to begin with first. */
export interface Task {
  readonly name: string;
  readonly libs: readonly Lib[];
}

const tasks = {
  Networks: ['video-gan', 'temporal-generator', 'image-generator', 'critic-3d', 'gan-layers'],
  Training: ['runs', 'wgan-trainer', 'data-parallel'],
  Constraint: ['svc-constraint'],
  Data: ['datasets', 'video-io'],
  Scores: ['metrics', 'event-files'],
  Backend: ['simd-backend'],
  'Exchange and basics': ['chainer', 'core'],
};

/** The published packages by task. */
export function libsByTask(): Task[] {
  return Object.entries(tasks).map(([name, libs]) => ({ name, libs: libs.map(readLib) }));
}

function readLib(name: string): Lib {
  const file = new URL(`../../../libs/${name}/package.json`, import.meta.url);
  const { description } = JSON.parse(readFileSync(file, 'utf8')) as { description: string };
  return { name, description };
}
