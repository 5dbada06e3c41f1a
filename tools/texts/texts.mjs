// What the texts need to run here, and what of them is not run.
import { copy, golf, snapshots, someVideos, tgan, ucf101Hdf5, videos, write } from './make.mjs';

/** Commands and code that are not run, each for a reason. */
export const notRun = [
  { matching: /^npm (ci|start|test)\b/, because: 'npm test runs this check itself' },
  {
    matching: /^npm (install|pack)\b|npm install /,
    because: 'tools/pack does it, in an own folder',
  },
  { matching: /^npx nx (build|run-many)\b/, because: 'the packages are built before' },
  { matching: /^(mpirun|srun|module) |^\[ -f runs\/paper/, because: 'needs MPI, or a cluster' },
  { matching: /^apt install\b/, because: 'changes the machine' },
  { matching: /^(python3|venv\/bin\/python) |^tensorboard /, because: 'needs packages of Python' },
  { matching: /openOnnxExtractor\('(i3d|c3d)\.onnx'/, because: 'weights of others' },
  { matching: /^backend\.run\('fill'/, because: 'a line of the backend itself' },
  { matching: /simd\.wasm/, because: 'only bundlers import it; npm run pack:simd does' },
  { matching: /^(\{|\[\{)/, because: 'shows a value' },
];

const tiny = 'apps/docs/public/models/moving-mnist-tiny';
const thin =
  'criticWidths: [4, 4, 4, 4], imageWidths: [8, 4, 4, 4, 4], batchSize: 2, sampleCount: 2, steps: 1';
const ownPreset = `dataset: moving-mnist
digits: 1
frames: 4
imageSize: 32
latentSize: 4
temporalWidths: [4, 4]
imageWidths: [4, 2, 2]
criticWidths: [2, 2]
`;

/**
 * By text: `before` makes the files that it takes for granted, `instead` replaces what would take
 * long or name what is not there, and `code` stands before each block of code.
 *
 * @type {Record<string, {
 *   before?: (folder: string) => void | Promise<void>,
 *   instead?: [string, string][],
 *   code?: string,
 * }>}
 */
export const texts = {
  'README.md': {
    before(folder) {
      someVideos(folder, 'my-videos');
      tgan(folder, 'train moving-mnist-tiny');
    },
  },
  'docs/data.md': {
    async before(folder) {
      someVideos(folder, 'my-videos');
      videos(folder, ['my-scenes/one.mp4', 'my-scenes/two.mp4'], { still: true });
      await ucf101Hdf5(folder);
      golf(folder);
    },
  },
  'docs/extending.md': {
    instead: [
      ['await train(', "import { train } from '@tgan/runs';\nawait train("],
      ['channels: 3 }', `channels: 3, ${thin} }`],
    ],
  },
  'docs/live-training.md': {
    before(folder) {
      tgan(folder, 'train moving-mnist-tiny --out run');
      tgan(folder, 'export run --format safetensors --out page-run-step-2200.safetensors');
    },
  },
  'docs/metrics.md': {
    before(folder) {
      for (const preset of ['moving-mnist-tiny', 'moving-mnist', 'moving-mnist-clip']) {
        tgan(folder, `train ${preset}`);
      }
    },
  },
  'docs/quick-start.md': {
    before(folder) {
      someVideos(folder, 'my-videos');
      tgan(folder, 'train moving-mnist-tiny');
    },
  },
  'docs/singular-value-clipping.md': {
    code: `import * as tf from '@tensorflow/tfjs';
const critic = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [4] })] });
const step = 5;
`,
  },
  'docs/trained-models.md': {
    before(folder) {
      copy(folder, tiny);
      write(folder, 'docs/images/none', '');
      tgan(folder, 'train moving-mnist-tiny --out runs/mine');
      snapshots(folder, {
        'gen_iter_100000.npz': 'fsgen',
        'vgen_iter_100000.npz': 'vgen',
        'vdis_iter_100000.npz': 'vdis',
      });
    },
  },
  'docs/training.md': {
    before(folder) {
      write(folder, 'my-preset.yaml', ownPreset);
      for (const run of ['svc', 'none']) tgan(folder, `train my-preset.yaml --out runs/${run}`);
      tgan(folder, 'train moving-mnist-tiny');
    },
    instead: [
      ['node apps/cli/dist/main.js', 'tgan'],
      ['--from 4500', '--from 2'],
    ],
  },
  'libs/chainer/README.md': {
    before: (folder) =>
      snapshots(folder, { 'fsgen.npz': 'fsgen', 'vgen.npz': 'vgen', 'vdis.npz': 'vdis' }),
  },
  'apps/docs/pages/index.md': {
    before: (folder) => someVideos(folder, 'my-videos'),
  },
};
