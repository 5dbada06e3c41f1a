/**
 * Singular value clipping of the critic's kernels against a plain singular value decomposition by a
 * library (ml-matrix), both in one run, with their ratio.
 *
 *   npx tsc -b libs/svc-constraint && node tools/bench/svc.mjs [backend module] [ROWSxCOLUMNS ...]
 *
 * The decompositions of the two largest kernels take minutes. On the backend `cpu` nearly all of
 * the clip's time is the two matrix products; a native backend (`@tensorflow/tfjs-node`) leaves the
 * eigenproblem.
 */
import * as tf from '@tensorflow/tfjs';
import { singularValueClip } from '@tgan/svc-constraint';
import { Random } from '@tgan/core';
import { Matrix, SingularValueDecomposition } from 'ml-matrix';

const isSize = (argument) => /^\d+x\d+$/.test(argument);
const arguments_ = process.argv.slice(2);
for (const backend of arguments_.filter((argument) => !isSize(argument))) await import(backend);
const chosen = arguments_.filter(isSize);
const sizes =
  chosen.length > 0 ? chosen : ['1x8192', '64x192', '128x4096', '256x8192', '512x16384'];

await tf.ready();
console.log(`backend ${tf.getBackend()}, Node ${process.version}`);
console.log('kernel       clip [s]   plain SVD [s]   ratio');
for (const size of sizes) {
  const [rows, columns] = size.split('x').map(Number);
  // Entries of the variance that puts the middle of the singular values at 1: about half of them
  // are clipped.
  const bound = Math.sqrt(3 / columns);
  const values = new Random(rows).uniform(rows * columns, -bound, bound);

  const matrix = tf.tensor2d(values, [rows, columns]);
  const times = [];
  for (let run = 0; run < (rows < 256 ? 5 : 3); run++) {
    const start = performance.now();
    const clipped = await singularValueClip(matrix);
    await clipped.data();
    times.push((performance.now() - start) / 1000);
    clipped.dispose();
  }
  matrix.dispose();
  const clip = times.sort((a, b) => a - b)[times.length >> 1];
  process.stdout.write(`${size.padEnd(10)} ${clip.toFixed(4).padStart(10)} `);

  // Decomposed standing, with the shorter side as columns, which is what the library is fast at.
  const standing = Matrix.from1DArray(rows, columns, values).transpose();
  const start = performance.now();
  const { diagonal } = new SingularValueDecomposition(standing);
  const plain = (performance.now() - start) / 1000;
  if (!(diagonal[0] > 0.9)) throw new Error(`an implausible decomposition: ${diagonal[0]}`);
  console.log(`${plain.toFixed(4).padStart(14)} ${(plain / clip).toFixed(1).padStart(8)}`);
}
