import { createCritic3d } from '@tgan/critic-3d';
import { clipModel, operatorNorms, type ClipReport } from '@tgan/svc-constraint';
import * as tf from '@tensorflow/tfjs';

/** How much a kernel stretches, and its layer. */
export interface Stretch {
  /** The singular values of the kernel, the largest first. */
  readonly spectrum: Float64Array;
  /** The norm of the layer on its whole input; undefined where it is not known. */
  readonly norm: number | undefined;
}

/** A kernel that was clipped. */
export interface ClippedLayer {
  readonly name: string;
  readonly before: Stretch;
  readonly after: Stretch;
}

/** What clipping a model did. */
export interface ClippedModel {
  readonly layers: readonly ClippedLayer[];
  /** The batch norms whose scales were clipped, each with the number of channels. */
  readonly gammas: readonly string[];
  /** Weights that were left alone. */
  readonly skipped: readonly string[];
}

/** The relative error of norms of layers. */
const tolerance = 0.01;

/** A model, and what clipping makes of it at any bound. */
export class ModelClipper {
  #model?: tf.LayersModel;
  #weights: readonly tf.Tensor[] = [];

  /**
   * Opens a LayersModel.
   *
   * @param files - by path: its `model.json` and its weights, among others.
   * @throws Error when there is none, or weights are missing.
   */
  async open(files: ReadonlyMap<string, Blob>): Promise<void> {
    this.#replace(await tf.loadLayersModel(tf.io.browserFiles(await modelIn(files))));
  }

  /** Opens a small critic of the paper, untrained. */
  openExample(): void {
    const sizes = { frames: 16, imageSize: 32, channels: 1, widths: [16, 32, 64] };
    this.#replace(createCritic3d({ ...sizes, seed: 1 }));
  }

  /**
   * Clips the weights that the model was opened with, and measures both.
   *
   * @throws Error when no model is open; NonFiniteWeightError when a weight is no number.
   */
  async clip(bound: number): Promise<ClippedModel> {
    const model = this.#opened;
    model.setWeights([...this.#weights]);
    const before = await layerNorms(model);
    const report = await clipModel(model, { bound, measure: false });
    // Clipping once more changes nothing, and reports all singular values.
    const again = await clipModel(model, { bound, measure: false, gamma: false });
    const after = await layerNorms(model);
    return {
      layers: report.kernels.map(({ name, spectrum }, i) => ({
        name,
        before: { spectrum, norm: before.get(name) },
        after: { spectrum: again.kernels[i].spectrum, norm: after.get(name) },
      })),
      gammas: clippedGammas(report),
      skipped: report.skipped,
    };
  }

  /** The model as it is now: `model.json` and `weights.bin`. */
  async files(): Promise<ReadonlyMap<string, Uint8Array>> {
    const files = new Map<string, Uint8Array>();
    const handler = tf.io.withSaveHandler(async ({ weightData, weightSpecs, ...artifacts }) => {
      const weightsManifest = [{ paths: ['weights.bin'], weights: weightSpecs }];
      const json = JSON.stringify({ ...artifacts, weightsManifest });
      files.set('model.json', new TextEncoder().encode(json));
      files.set('weights.bin', new Uint8Array(tf.io.CompositeArrayBuffer.join(weightData)));
      return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } };
    });
    await this.#opened.save(handler);
    return files;
  }

  dispose(): void {
    tf.dispose([...this.#weights]);
    this.#model?.dispose();
    this.#model = undefined;
    this.#weights = [];
  }

  #replace(model: tf.LayersModel): void {
    this.dispose();
    this.#model = model;
    this.#weights = model.getWeights().map((weight) => weight.clone());
  }

  get #opened(): tf.LayersModel {
    if (!this.#model) throw new Error('no model is open');
    return this.#model;
  }
}

/** What of a `model.json` matters here. */
interface ModelJson {
  readonly modelTopology?: object;
  readonly weightsManifest?: readonly { readonly paths: readonly string[] }[];
}

/** The `model.json` among files, which may have another name, and the weights that it names. */
async function modelIn(files: ReadonlyMap<string, Blob>): Promise<File[]> {
  for (const [path, file] of files) {
    if (!path.endsWith('.json')) continue;
    const { modelTopology, weightsManifest = [] } = parse(await file.text());
    if (!modelTopology || 'node' in modelTopology) continue;
    const names = weightsManifest.flatMap(({ paths }) => paths);
    return [new File([file], 'model.json'), ...names.map((name) => weightsFile(files, path, name))];
  }
  throw new Error(
    'there is no model.json of a LayersModel here: drop model.json and its weights together ' +
      '(model.save writes both; graph models have no layers that could be clipped)',
  );
}

function parse(json: string): ModelJson {
  try {
    return (JSON.parse(json) ?? {}) as ModelJson;
  } catch {
    return {};
  }
}

/** Weights are beside the model, or anywhere if files came without their folders. */
function weightsFile(files: ReadonlyMap<string, Blob>, model: string, name: string): File {
  const baseName = name.split('/').at(-1)!;
  const file = files.get(model.replace(/[^/]*$/, name)) ?? files.get(baseName);
  if (!file) throw new Error(`there is no ${name}, which ${model} names: drop both together`);
  return new File([file], baseName);
}

/** The norms of a model's layers by the names of their kernels, where they are known. */
async function layerNorms(model: tf.LayersModel): Promise<ReadonlyMap<string, number>> {
  const all: tf.layers.Layer[] = [];
  await operatorNorms(model, { layers: (layer) => all.push(layer) < 0 });
  const norms = new Map<string, number>();
  for (const layer of all) {
    // A layer of which it is not known must not hide the others.
    const own = await operatorNorms(model, { tolerance, layers: (other) => other === layer }).catch(
      () => [],
    );
    for (const { name, operator } of own) norms.set(name, operator);
  }
  return norms;
}

const clippedGammas = ({ gammas }: ClipReport) =>
  gammas
    .filter(({ clipped }) => clipped > 0)
    .map(({ name, clipped, channels }) => `${name}: ${clipped} of ${channels} channels`);
