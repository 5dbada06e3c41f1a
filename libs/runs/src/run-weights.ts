import type { VideoModel } from '@tgan/video-gan';
import type { Checkpoint } from './checkpoint-file.js';
import { checkpointSteps, readCheckpoint } from './checkpoints.js';
import { UsageError } from './errors.js';
import { assignWeights } from './export/model-weights.js';
import { bestOf, readMetrics } from './metrics-log.js';
import { ModelFileError } from './model-files.js';
import { loadGenerator, loadNetworks, readSet } from './networks.js';
import type { RunFolder } from './run-folder.js';
import { storing } from './storage.js';

/** The weights of a run: of its last step, of its best, or of a given step. */
export type WeightsStep = 'last' | 'best' | number;

/** How {@link loadWeights} chooses. */
export interface WeightsChoice {
  /** Default `last`. */
  readonly step?: WeightsStep;
  /** Whether the critic gets its weights too. Default false. */
  readonly critic?: boolean;
  /** Called with a line about the step, if the run is not done, and about damaged checkpoints. */
  readonly onNote?: (text: string) => void;
}

/**
 * Loads the weights of a run into a new model: the final ones, or those of the newest checkpoint if
 * the run has not ended. A moving average replaces the generator's weights.
 *
 * @param steps - how many steps the run has in all.
 * @returns the step; undefined for weights that were imported or come from version 0.1.0.
 * @throws UsageError when the run has no weights of that step; ModelFileError or CheckpointError
 * when they are damaged; StorageError when they cannot be read.
 */
export async function loadWeights(
  run: RunFolder,
  model: VideoModel,
  steps: number,
  { step: asked = 'last', critic = false, onNote = () => {} }: WeightsChoice = {},
): Promise<number | undefined> {
  try {
    return await load();
  } catch (error) {
    // The message names the file already.
    if (error instanceof ModelFileError) throw error;
    return storing(run, () => Promise.reject(error as Error), 'read');
  }

  async function load() {
    const saved = await checkpointSteps(run);
    const loadFinal = critic ? loadNetworks : loadGenerator;
    if (saved.length === 0 && asked === 'last') {
      await loadFinal(run, model);
      return (await readSet(run))?.step;
    }
    const step = await resolveStep(run, saved, asked);
    if (await isFinal(step)) return step;
    const from = asked === 'last' ? undefined : step;
    const checkpoint = await readCheckpoint(run, from, onNote);
    assignWeights(model, weightsIn(checkpoint, model));
    const { steps: of } = checkpoint.state.progress;
    if (of < steps) onNote(`the weights are of step ${of} of ${steps}`);
    return of;
  }

  /** Loads the final weights of the run, if they are intact and of this step. */
  async function isFinal(step: number): Promise<boolean> {
    try {
      if ((await readSet(run))?.step !== step) return false;
      await (critic ? loadNetworks : loadGenerator)(run, model);
      return true;
    } catch (error) {
      if (!(error instanceof ModelFileError)) throw error;
      onNote(`models is skipped, ${error.message}`);
      return false;
    }
  }
}

async function resolveStep(run: RunFolder, saved: readonly number[], asked: WeightsStep) {
  const there = saved.length > 0 ? `its checkpoints are: ${saved.join(', ')}` : 'it has none';
  if (asked === 'last') return saved[0];
  if (asked === 'best') {
    const lines = (await readMetrics(run.part('metrics'))).filter(({ step }) =>
      saved.includes(step),
    );
    const best = bestOf(lines)?.step;
    if (best !== undefined) return best;
    throw new UsageError(`--step best: ${run.path} has evaluated no checkpoint; ${there}`);
  }
  if (saved.includes(asked)) return asked;
  throw new UsageError(`--step ${asked}: ${run.path} has no checkpoint of this step; ${there}`);
}

/** The weights that a checkpoint has, by the names that a model has for them. */
function weightsIn({ state }: Checkpoint, { networks }: VideoModel) {
  const { arrays, progress } = state;
  const names = Object.entries(networks).flatMap(([network, { weights }]) =>
    weights.map(({ originalName }) => `${network}/${originalName}`),
  );
  return new Map(
    names.flatMap((name) => {
      // Before the first step the average is of nothing.
      const average = progress.steps > 0 ? arrays.get(`average/${name}`) : undefined;
      const array = average ?? arrays.get(`weight/${name}`);
      return array ? [[name, array] as const] : [];
    }),
  );
}
