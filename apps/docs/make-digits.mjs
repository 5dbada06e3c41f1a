// Makes public/data/mnist-digits.npz, on which pages train: the first 50 training digits of each
// label of MNIST. By hand: `npx nx build @tgan/datasets && node apps/docs/make-digits.mjs`.
import { writeFile } from 'node:fs/promises';
import { formatNpy } from '@tgan/core';
import { mnistDigits } from '@tgan/datasets';
import { zipSync } from 'fflate';

const ofEach = 50;

const { count, size, pixels, labels } = await mnistDigits();
const all = Array.from({ length: count }, (_, i) => i);
const chosen = Array.from({ length: 10 }, (_, label) =>
  all.filter((i) => labels[i] === label).slice(0, ofEach),
).flat();

const digits = new Uint8Array(chosen.length * size ** 2);
for (const [to, from] of chosen.entries()) {
  digits.set(pixels.subarray(from * size ** 2, (from + 1) * size ** 2), to * size ** 2);
}
const arrays = {
  pixels: { type: 'u1', shape: [chosen.length, size, size], data: digits },
  labels: { type: 'u1', shape: [chosen.length], data: Uint8Array.from(chosen, (i) => labels[i]) },
};
const files = Object.entries(arrays).map(([name, array]) => [`${name}.npy`, formatNpy(array)]);
// The same bytes at any time.
const bytes = zipSync(Object.fromEntries(files), { level: 9, mtime: new Date(1980, 0, 1) });
await writeFile(new URL('public/data/mnist-digits.npz', import.meta.url), bytes);
