import { loadModel, saveModel } from '@tgan/runs';
import type { VideoModel } from '@tgan/video-gan';
import type { RunFolder } from './run-folder.js';

/** Saves every network of a model in its run folder, each readable by `tf.loadLayersModel`. */
export async function saveNetworks(run: RunFolder, model: VideoModel): Promise<void> {
  for (const [name, network] of Object.entries(model.networks)) {
    await saveModel(network, run.part('models', name));
  }
}

/**
 * Gives a fresh model the weights that its run's generator ended with.
 *
 * @throws ModelFileError when they are missing or damaged.
 */
export async function loadGenerator(run: RunFolder, model: VideoModel): Promise<void> {
  const { critic: _critic, ...generators } = model.networks;
  await load(run, generators);
}

/**
 * Gives a fresh model the weights that its run ended with, the critic's too.
 *
 * @throws ModelFileError when they are missing or damaged.
 */
export async function loadNetworks(run: RunFolder, model: VideoModel): Promise<void> {
  await load(run, model.networks);
}

async function load(run: RunFolder, networks: VideoModel['networks']): Promise<void> {
  for (const [name, network] of Object.entries(networks)) {
    const trained = await loadModel(run.part('models', name));
    network.setWeights(trained.getWeights());
    trained.dispose();
  }
}
