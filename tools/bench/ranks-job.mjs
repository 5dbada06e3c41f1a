// One rank of tools/bench/ranks.mjs: takes steps, and the first rank prints what each took.
import { connect } from '@tgan/data-parallel';
import { registerSimdBackend } from '@tgan/simd-backend';
import * as tf from '@tensorflow/tfjs';
import { TrainingStep } from './step-tgan.mjs';

const [batch, channels, threads, steps] = process.argv.slice(2).map(Number);
const communicator = await connect();
const { rank, size } = communicator ?? { rank: 0, size: 1 };
const traffic = () => communicator?.traffic ?? { bytes: 0, seconds: 0 };

await registerSimdBackend({ threads });
await tf.setBackend('simd');
const step = new TrainingStep(batch / size, channels, communicator);
await step.run(); // to warm up
for (let i = 0; i < steps; i++) {
  const before = traffic();
  const seconds = await step.run();
  const after = traffic();
  const [sent, waited] = [after.bytes - before.bytes, after.seconds - before.seconds];
  if (rank === 0) console.log(JSON.stringify({ seconds, bytes: sent, waited }));
}
communicator?.close();
process.exit(0);
