import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { registerSimdBackend, type KernelSource } from './index.js';
import { compileKernels, isKernelSource } from './wasm.js';

const file = new URL('../wasm/simd.wasm', import.meta.url);
const bytes = readFileSync(file);

/** Serves the kernels, and nothing else. */
const server: Server = createServer((request, response) => {
  if (request.url === '/simd.wasm') response.end(bytes);
  else response.writeHead(404).end();
});
let address: string;
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

afterEach(async () => {
  await tf.setBackend('cpu');
  if (tf.findBackend('simd')) tf.removeBackend('simd');
});

/** Every kind of source, made when the server runs. */
const sources: Record<string, () => KernelSource> = {
  'the URL of a file': () => file,
  'the path of a file': () => fileURLToPath(file),
  'an address, as a text': () => `${address}/simd.wasm`,
  'an address, as a URL': () => new URL('/simd.wasm', address),
  'a data URL': () => `data:application/wasm;base64,${bytes.toString('base64')}`,
  bytes: () => new Uint8Array(bytes),
  'a buffer': () => new Uint8Array(bytes).buffer,
  'a module': () => new WebAssembly.Module(bytes),
};

describe('the option wasm', () => {
  it.each(Object.entries(sources))('takes %s', async (_, source) => {
    const wasm = source();
    expect(isKernelSource(wasm)).toBe(true);
    const backend = await registerSimdBackend({ threads: 2, wasm });
    expect(backend.build).toBe('simd');
    await tf.setBackend('simd');
    const sum = tf.tidy(
      () =>
        tf
          .ones([64, 64])
          .matMul(tf.ones([64, 64]))
          .sum()
          .dataSync()[0],
    );
    expect(sum).toBe(64 ** 3);
  });

  it('goes with the build that it is', async () => {
    const wasm = new URL('../wasm/relaxed-simd.wasm', import.meta.url);
    expect((await compileKernels({ wasm, build: 'relaxed-simd' })).build).toBe('relaxed-simd');
    expect((await compileKernels({ wasm: file })).build).toBe('simd');
  });

  it('says what an address answered', async () => {
    const wasm = `${address}/other.wasm`;
    await expect(compileKernels({ wasm })).rejects.toThrow(`simd backend: ${wasm} answered 404`);
    await expect(compileKernels({ wasm: '/no/such.wasm' })).rejects.toThrow(/ENOENT/);
    await expect(compileKernels({ wasm: Uint8Array.of(1, 2, 3) })).rejects.toThrow(/WebAssembly/);
  });

  it('is nothing else', () => {
    for (const other of [undefined, null, 1, true, {}, [], () => file]) {
      expect(isKernelSource(other)).toBe(false);
    }
  });
});
