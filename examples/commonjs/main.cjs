// A CommonJS script. The packages are ES modules, which Node.js 20.19 and later can require.
const tf = require('@tensorflow/tfjs');
const { Random } = require('@tgan/core');
const { VideoGan } = require('@tgan/video-gan');

const gan = new VideoGan({
  frames: 8,
  imageSize: 16,
  temporalWidths: [32, 16],
  imageWidths: [32, 16],
  criticWidths: [8, 16],
});
const clips = gan.sample(2, new Random(42));
console.log(`${clips.shape.join(' x ')} on ${tf.getBackend()}`);
