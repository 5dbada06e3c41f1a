// Our side of the race: the trainer's own step on paper-size networks.
import { clipModel } from '@tgan/svc-constraint';
import { VideoGan } from '@tgan/video-gan';
import { unconstrained, WganTrainer } from '@tgan/wgan-trainer';
import * as tf from '@tensorflow/tfjs';

const seconds = async (work) => {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1e3;
};

/** A GAN of 64x64x16 videos and its trainer. */
export class TrainingStep {
  /**
   * @param batch - the clips of this process.
   * @param communicator - the processes that train together.
   */
  constructor(batch, channels, communicator = undefined) {
    this.gan = new VideoGan({ channels });
    this.trainer = new WganTrainer(this.gan, { constraint: unconstrained, communicator });
    /** @type {[number, number, number, number, number]} */
    this.shape = [batch, 16, 64, 64, channels];
  }

  /** Seconds of one step on a batch of noise. */
  run() {
    const clips = /** @type {tf.Tensor5D} */ (tf.randomUniform(this.shape, -1, 1));
    return seconds(() => this.trainer.step({ samples: clips }));
  }

  /** Seconds to generate videos. */
  sample(count) {
    const latents = this.gan.latents(count, this.trainer.random);
    return seconds(async () => {
      const videos = tf.tidy(() => this.gan.generate(latents));
      await videos.data();
      tf.dispose([videos, latents]);
    });
  }

  dispose() {
    this.trainer.dispose();
    this.gan.dispose();
  }
}

/** What five steps of training at the paper's rate of 5e-5 do to a weight, about. */
const FIVE_STEPS = 2.5e-4;

/**
 * Seconds to clip all singular values of a critic that moved as far as it does between two
 * clippings.
 */
export async function svcPass(critic) {
  tf.tidy(() => {
    for (const weight of critic.trainableWeights) {
      if (weight.shape.length !== 5) continue;
      weight.write(weight.read().add(tf.randomNormal(weight.shape, 0, FIVE_STEPS)));
    }
  });
  return seconds(() => clipModel(critic, { measure: false }));
}
