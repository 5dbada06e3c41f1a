import type { GivenFiles } from '../dropped.js';

/** A trained model that the site has, in public/models/NAME. */
export interface HostedModel {
  readonly name: string;
  readonly title: string;
  /** The networks of its generator. */
  readonly networks: readonly string[];
}

/** The first is shown where no other is asked for. */
export const hostedModels: readonly HostedModel[] = [
  {
    name: 'moving-mnist-tiny',
    title: 'Moving MNIST: one digit, ten labels',
    networks: ['temporal-generator', 'image-generator'],
  },
  {
    name: 'moving-mnist-small',
    title: 'Moving MNIST: the same, trained for longer',
    networks: ['temporal-generator', 'image-generator'],
  },
];

/** The model of this name, else the first. */
export const hostedModel = (name?: string): HostedModel =>
  hostedModels.find((model) => model.name === name) ?? hostedModels[0];

/**
 * The files of a model that the site has.
 *
 * @param folder - its address.
 * @throws Error when one cannot be loaded.
 */
export async function fetchModel(
  { name, networks }: HostedModel,
  folder: string,
): Promise<GivenFiles> {
  const paths = [
    'config.yaml',
    'labels.json',
    ...networks.flatMap((network) => [
      `models/${network}/model.json`,
      `models/${network}/weights.bin`,
    ]),
  ];
  const files = await Promise.all(
    paths.map(async (path): Promise<[string, Blob]> => [path, await load(`${folder}/${path}`)]),
  );
  return { name, files: new Map(files) };
}

async function load(url: string): Promise<Blob> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`cannot load ${url}: ${response.status}`);
  return response.blob();
}
