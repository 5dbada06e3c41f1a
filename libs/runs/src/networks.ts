import { createHash } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { VideoModel } from '@tgan/video-gan';
import * as z from 'zod';
import { loadModel, modelFiles, ModelFileError } from './model-files.js';
import { readIfThere } from './read-file.js';
import type { RunFolder } from './run-folder.js';
import { makeFolder, writeFileAtomic } from './write-file.js';

/** The contents of `models/weights.json`. */
const weightsSet = z.object({
  /** The step of the networks; missing if they were imported. */
  step: z.int().min(0).optional(),
  /** The checksum of each file, by its path in `models`. */
  sha256: z.record(z.string(), z.string()),
});

export type WeightsSet = z.output<typeof weightsSet>;

const checksum = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/**
 * Saves every network of a model in its run folder, each readable by `tf.loadLayersModel`. The
 * checksums of all files are written first, so that a set that was not completed is recognized.
 *
 * @param step - the step that the weights are of.
 * @throws ModelFileError when a weight is NaN or infinite. Nothing is written then.
 */
export async function saveNetworks(run: RunFolder, model: VideoModel, step?: number) {
  const files: [path: string, bytes: Uint8Array][] = [];
  for (const [name, network] of Object.entries(model.networks)) {
    for (const [file, bytes] of await modelFiles(network)) files.push([`${name}/${file}`, bytes]);
  }
  const sha256 = Object.fromEntries(files.map(([path, bytes]) => [path, checksum(bytes)]));
  await makeFolder(run.part('models'));
  const json = `${JSON.stringify({ step, sha256 }, undefined, 2)}\n`;
  await writeFileAtomic(run.part('models', 'weights.json'), Buffer.from(json));
  for (const [path, bytes] of files) {
    await makeFolder(dirname(run.part('models', path)));
    await writeFileAtomic(run.part('models', path), bytes);
  }
}

/** Removes networks of a later step than the one that a run resumes from. */
export async function removeLaterNetworks(run: RunFolder, step: number): Promise<void> {
  const set = await readSet(run).catch((error: unknown) => {
    if (error instanceof ModelFileError) return undefined;
    throw error;
  });
  if (set?.step === undefined || set.step > step) {
    await rm(run.part('models'), { recursive: true, force: true });
  }
}

/**
 * The record of a run's networks; undefined for a run of version 0.1.0, which has no record, or
 * without networks.
 *
 * @throws ModelFileError when it is damaged.
 */
export async function readSet(run: RunFolder): Promise<WeightsSet | undefined> {
  const path = run.part('models', 'weights.json');
  const text = await readIfThere(path);
  if (text === undefined) return undefined;
  try {
    return weightsSet.parse(JSON.parse(text));
  } catch (error) {
    throw new ModelFileError(`${path} is damaged`, { cause: error });
  }
}

/**
 * Loads the generator's weights of a run into a new model.
 *
 * @throws ModelFileError when they are missing or damaged.
 */
export async function loadGenerator(run: RunFolder, model: VideoModel): Promise<void> {
  const { critic: _critic, ...generators } = model.networks;
  await loadInto(run, generators);
}

/**
 * Loads the weights of a run into a new model, including the critic's.
 *
 * @throws ModelFileError when they are missing or damaged.
 */
export async function loadNetworks(run: RunFolder, model: VideoModel): Promise<void> {
  await loadInto(run, model.networks);
}

async function loadInto(run: RunFolder, networks: VideoModel['networks']): Promise<void> {
  const set = await readSet(run);
  for (const name of Object.keys(networks)) {
    for (const file of set ? ['weights.bin', 'model.json'] : []) {
      const path = run.part('models', name, file);
      const bytes = await readFile(path).catch(() => undefined); // loadModel says why
      if (!bytes || checksum(bytes) === set?.sha256[`${name}/${file}`]) continue;
      throw new ModelFileError(
        `${path} is not of the same step as the other networks, or damaged: its checksum is not that of weights.json`,
      );
    }
  }
  for (const [name, network] of Object.entries(networks)) {
    const folder = run.part('models', name);
    const trained = await loadModel(folder);
    try {
      network.setWeights(trained.getWeights());
    } catch (error) {
      throw new ModelFileError(`${folder} is not of this run's model: ${(error as Error).message}`);
    } finally {
      trained.dispose();
    }
  }
}
