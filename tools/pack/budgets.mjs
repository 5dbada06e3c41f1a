// The most that each package may weigh, in bytes: its tarball, and what its main entry adds to a
// page (everything that it exports, minified, compressed by gzip, without TensorFlow.js). Packages
// for Node alone have no bundle. Raise a budget only with a reason in the commit.

/** @type {Record<string, { tarball: number, bundle?: number }>} */
export const budgets = {
  '@tgan/chainer': { tarball: 18_000, bundle: 7_000 },
  '@tgan/cli': { tarball: 74_000 },
  '@tgan/core': { tarball: 42_000, bundle: 13_000 },
  '@tgan/critic-3d': { tarball: 16_000, bundle: 32_000 },
  '@tgan/data-parallel': { tarball: 46_000 },
  '@tgan/datasets': { tarball: 105_000 },
  '@tgan/event-files': { tarball: 23_000 },
  '@tgan/gan-layers': { tarball: 38_000, bundle: 28_000 },
  '@tgan/image-generator': { tarball: 10_000, bundle: 32_000 },
  '@tgan/metrics': { tarball: 510_000, bundle: 56_000 },
  '@tgan/runs': { tarball: 210_000 },
  '@tgan/simd-backend': { tarball: 180_000, bundle: 24_000 },
  '@tgan/svc-constraint': { tarball: 76_000, bundle: 10_000 },
  '@tgan/temporal-generator': { tarball: 8_000, bundle: 32_000 },
  '@tgan/video-gan': { tarball: 76_000, bundle: 45_000 },
  '@tgan/video-io': { tarball: 54_000 },
  '@tgan/wgan-trainer': { tarball: 84_000, bundle: 54_000 },
};
