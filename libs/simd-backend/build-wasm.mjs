// Compiles assembly/ twice: with relaxed SIMD's fused multiply-add, and without for engines that
// lack it.
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';
import { checkedBindings } from './bindings.mjs';

const root = fileURLToPath(new URL('.', import.meta.url));
mkdirSync(new URL('wasm', import.meta.url), { recursive: true });
const { version, constants } = await checkedBindings();

const builds = { simd: [], 'relaxed-simd': ['--enable', 'relaxed-simd'] };
for (const [name, features] of Object.entries(builds)) {
  const { error, stderr } = await asc.main([
    ...['assembly/index.ts', '--baseDir', root, '--outFile', `wasm/${name}.wasm`],
    ...['-O3', '--noAssert', '--runtime', 'stub', '--use', `BINDINGS_VERSION=${version}`],
    ...['--importMemory', '--sharedMemory', '--initialMemory', '1'],
    ...['--maximumMemory', String(constants.MAX_PAGES)],
    ...['--memoryBase', String(constants.STATIC_BASE)],
    ...['--enable', 'simd', '--enable', 'threads', ...features],
  ]);
  if (error) {
    console.error(stderr.toString());
    throw error;
  }
}
