import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';

/** Saves a model as `model.json` and `weights.bin` in a folder, as a user of tfjs would have it. */
export async function saveModel(model: tf.LayersModel, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await model.save(
    tf.io.withSaveHandler(async (artifacts) => {
      const { weightData, weightSpecs, ...topology } = artifacts;
      const weights = tf.io.CompositeArrayBuffer.join(weightData);
      const weightsManifest = [{ paths: ['weights.bin'], weights: weightSpecs }];
      await writeFile(join(folder, 'weights.bin'), new Uint8Array(weights));
      await writeFile(join(folder, 'model.json'), JSON.stringify({ ...topology, weightsManifest }));
      return { modelArtifactsInfo: tf.io.getModelArtifactsInfoForJSON(artifacts) };
    }),
  );
}
