import { mnistDigits, movingMnist, type ClipSource, type MovingMnistOptions } from '@tgan/datasets';
import type { VideoModel } from '@tgan/video-gan';
import type { ConfigInAxes } from '../config/config.js';
import { openClips } from '../open-clips.js';

/** Real clips that a run is judged by. */
export interface JudgeData {
  /** What the record of the scores says of them. */
  readonly data: { readonly name: string; readonly split: string };
  /** The clips that the run is compared with. */
  readonly judge: ClipSource;
  /** The clips that it was trained on; the same source where there are no others. */
  readonly trained: ClipSource;
  /** Of Moving MNIST: how many digits a clip shows, and their height and width in pixels. */
  readonly moving?: { readonly digits: number; readonly digitSize: number };
  /** Lets go of the files. */
  close(): Promise<void>;
}

/** Seed of the generated clips that runs are judged by. */
const JUDGE_SEED = 20_171_022;

/**
 * Opens what a run is judged by. Generated clips of Moving MNIST are compared with clips of MNIST's
 * test digits, which no run trains on. A packed file is compared with itself.
 *
 * @throws UsageError when the data do not fit the model; DatasetError when they cannot be read.
 */
export async function openJudgeData(
  { config, axes }: ConfigInAxes,
  model: VideoModel,
): Promise<JudgeData> {
  const trained = await openClips({ config, axes }, model);
  const close = async () => trained.close?.();
  const { set, ...facts } = trained.provenance ?? {};
  if (config.dataset === 'moving-mnist' && set === 'moving-mnist') {
    const options = facts as MovingMnistOptions & { readonly digitSize?: number };
    const { digits = 2, digitSize = 28 } = options;
    const judge = movingMnist({ ...options, seed: JUDGE_SEED }, mnistDigits('test'));
    const shown = `${digits} ${digits === 1 ? 'digit' : 'digits'} of ${digitSize} pixels`;
    return {
      data: { name: `moving-mnist, ${shown}`, split: "MNIST's test digits" },
      ...{ judge, trained, close },
      moving: { digits, digitSize },
    };
  }
  const of = typeof facts.packed === 'string' ? `, file ${facts.packed.slice(0, 12)}` : '';
  const name = `${String(set ?? config.dataset)}${of}`;
  const split = ['part', 'split'].flatMap((key) =>
    facts[key] === undefined ? [] : `${key} ${String(facts[key])}`,
  );
  return {
    data: { name, split: split.join(', ') || 'as trained on' },
    ...{ judge: trained, trained, close },
  };
}
