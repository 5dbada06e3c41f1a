import { expect, it } from 'vitest';
import { droppedFiles, pickedFiles } from './dropped.js';

function file(path: string): File {
  const made = new File([path], path.split('/').at(-1)!);
  const webkitRelativePath = path.includes('/') ? path : '';
  return Object.defineProperty(made, 'webkitRelativePath', { value: webkitRelativePath });
}

it('leaves the name of the picked folder out of the paths', () => {
  const { name, files } = pickedFiles([file('run/config.yaml'), file('run/models/critic/x')]);
  expect(name).toBe('run');
  expect([...files.keys()]).toEqual(['config.yaml', 'models/critic/x']);
});

it('takes single files by their names', () => {
  expect(pickedFiles([file('run.safetensors')])).toMatchObject({ name: 'run.safetensors' });
  const { files } = pickedFiles([file('model.json'), file('weights.bin')]);
  expect([...files.keys()]).toEqual(['model.json', 'weights.bin']);
});

it('says what it cannot open', () => {
  expect(() => pickedFiles([])).toThrow('there are no files in it');
  expect(() => pickedFiles([file('generator.onnx')])).toThrow('tgan does not read it back');
});

type Tree = { [name: string]: Tree | string };

/** An entry as a browser gives it; folders give two of their entries at a time. */
function entryOf(fullPath: string, tree: Tree | string): FileSystemEntry {
  const isFile = typeof tree === 'string';
  const createReader = () => {
    const left = Object.entries(tree).map(([name, inner]) => entryOf(`${fullPath}/${name}`, inner));
    return { readEntries: (resolve: (some: unknown[]) => void) => resolve(left.splice(0, 2)) };
  };
  const asFile = (resolve: (file: File) => void) => resolve(new File([String(tree)], 'file'));
  return { isFile, fullPath, file: asFile, createReader } as unknown as FileSystemEntry;
}

const dropOf = (...entries: FileSystemEntry[]) =>
  ({
    items: entries.map((entry) => ({ webkitGetAsEntry: () => entry })),
  }) as unknown as DataTransfer;

it('reads a dropped folder with all folders in it', async () => {
  const tree = {
    'config.yaml': 'c',
    'labels.json': 'l',
    models: { critic: { 'model.json': 'm' } },
  };
  const { name, files } = await droppedFiles(dropOf(entryOf('/run', tree)));
  expect(name).toBe('run');
  expect([...files.keys()]).toEqual(['config.yaml', 'labels.json', 'models/critic/model.json']);
  expect(await files.get('labels.json')!.text()).toBe('l');
});

it('reads dropped files', async () => {
  const { files } = await droppedFiles(dropOf(entryOf('/a', 'a'), entryOf('/b', 'b')));
  expect([...files.keys()]).toEqual(['a', 'b']);
  await expect(droppedFiles(dropOf())).rejects.toThrow('there are no files in it');
});
