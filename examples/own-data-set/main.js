// Trains a small Temporal GAN on clips of your own. A data set is an object with three members: how
// many clips there are, their size, and a function that reads one. Here a square wanders.
import * as tf from '@tensorflow/tfjs';
import { ClipLoader } from '@tgan/datasets';
import { registerSimdBackend } from '@tgan/simd-backend';
import { VideoGan } from '@tgan/video-gan';
import { WganTrainer } from '@tgan/wgan-trainer';

const [frames, imageSize] = [8, 16];
const wanderingSquares = {
  size: 1000,
  clip: { frames, height: imageSize, width: imageSize, channels: 1 },
  // Bytes [time, height, width, channels]. Draw what is random from `random`, so that runs repeat.
  read(index, random) {
    const clip = new Uint8Array(frames * imageSize * imageSize);
    const [top, left] = [random.integer(imageSize - 4), random.integer(imageSize - 4)];
    for (let t = 0; t < frames; t++) {
      for (let i = 0; i < 16; i++) {
        const [y, x] = [top + (i >> 2), (left + t + (i % 4)) % imageSize];
        clip[(t * imageSize + y) * imageSize + x] = 255;
      }
    }
    return clip;
  },
};

await registerSimdBackend();
await tf.setBackend('simd');

const gan = new VideoGan({
  frames,
  imageSize,
  channels: 1,
  latentSize: 16,
  temporalWidths: [32, 16],
  imageWidths: [32, 16],
  criticWidths: [8, 16],
});
const trainer = new WganTrainer(gan, { learningRate: 5e-4, seed: 1 });
const steps = Number(process.env.STEPS ?? 50);
for await (const { clips, shape } of new ClipLoader(wanderingSquares, { batchSize: 8, seed: 2 })) {
  const { step, value } = await trainer.step({ samples: tf.tensor5d(clips, shape) });
  if (step % 10 === 0 || step === steps) console.log(`step ${step}: V ${value.toFixed(4)}`);
  if (step === steps) break;
}
