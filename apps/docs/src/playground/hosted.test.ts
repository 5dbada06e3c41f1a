import { afterEach, expect, it, vi } from 'vitest';
import { fetchModel, hostedModel, hostedModels } from './hosted.js';

afterEach(() => vi.unstubAllGlobals());

it('loads all files of a model', async () => {
  vi.stubGlobal('fetch', async (url: string) => new Response(url));
  const { name, files } = await fetchModel(hostedModels[0], '/models/tiny');
  expect(name).toBe('moving-mnist-tiny');
  expect([...files.keys()]).toEqual([
    'config.yaml',
    'labels.json',
    'models/temporal-generator/model.json',
    'models/temporal-generator/weights.bin',
    'models/image-generator/model.json',
    'models/image-generator/weights.bin',
  ]);
  expect(await files.get('labels.json')!.text()).toBe('/models/tiny/labels.json');
});

it('says which file it cannot load', async () => {
  vi.stubGlobal('fetch', async () => new Response('', { status: 404 }));
  await expect(fetchModel(hostedModels[0], '/models/tiny')).rejects.toThrow(
    'cannot load /models/tiny/config.yaml: 404',
  );
});

it('knows its models by their names', () => {
  expect(hostedModel('moving-mnist-tiny')).toBe(hostedModels[0]);
  expect(hostedModel('other')).toBe(hostedModels[0]);
  expect(hostedModel()).toBe(hostedModels[0]);
});
