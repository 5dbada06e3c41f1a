// Compiles assembly/householder.ts and writes the module to src/householder-wasm.ts, in base64: a
// package whose code bundlers take as it is needs no file beside it. `--check` only compares.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const root = fileURLToPath(new URL('.', import.meta.url));
const target = new URL('src/householder-wasm.ts', import.meta.url);

async function compile() {
  let bytes;
  const { error, stderr } = await asc.main(
    [
      ...['assembly/householder.ts', '--baseDir', root, '--outFile', 'householder.wasm'],
      ...['-O3', '--noAssert', '--runtime', 'stub', '--importMemory', '--enable', 'simd'],
    ],
    { writeFile: (_, contents) => (bytes = contents) },
  );
  if (error) {
    console.error(stderr.toString());
    throw error;
  }
  return Buffer.from(bytes).toString('base64');
}

const source = `/* eslint max-len: off */
/** What build-wasm.mjs made of assembly/householder.ts, in base64. */
export const householderModule =
  '${await compile()}';
`;

if (!process.argv.includes('--check')) {
  writeFileSync(target, source);
} else if (readFileSync(target, 'utf8') !== source) {
  console.error('src/householder-wasm.ts is not what assembly/ gives: node build-wasm.mjs');
  process.exitCode = 1;
}
