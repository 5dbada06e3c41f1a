import { SafetensorsError, type Safetensors } from '@tgan/wgan-trainer';
import { readConfig, type ConfigInAxes } from '../config/config.js';
import type { WeightsFile } from './model-weights.js';

/**
 * What `formatWeightsFile` wrote, taken from the parsed file.
 *
 * @throws SafetensorsError when it has no configuration; OptionsError when that is damaged.
 */
export async function weightsFileOf(
  { arrays, metadata }: Safetensors,
  path: string,
): Promise<WeightsFile & ConfigInAxes> {
  const json = (key: string): unknown => {
    try {
      return JSON.parse(metadata[key]);
    } catch {
      throw new SafetensorsError(
        `${path} has no ${key} in its metadata: tgan export did not make it`,
      );
    }
  };
  const read = await readConfig(json('config'), `the config of ${path}`);
  const labels = json('labels');
  return { ...read, labels: Array.isArray(labels) ? labels.map(String) : [], arrays };
}
