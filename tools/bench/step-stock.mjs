// Stock tfjs: the forward pass of the critic's second layer, batch 1, on its wasm backend, and a
// small one on its cpu.
import * as tf from '@tensorflow/tfjs';

export async function stockConvolution(race, report) {
  const wasm = await import('@tensorflow/tfjs-backend-wasm').catch(() => undefined);
  const ratios = {};
  if (wasm) {
    await tf.setBackend('wasm');
    ratios.wasm = await against('wasm', [1, 8, 32, 32, 64], 128);
  }
  ratios.cpu = await against('cpu', [1, 4, 16, 16, 16], 32);
  return ratios;

  async function against(stock, shape, filters) {
    const run = (backend) => async () => {
      await tf.setBackend(backend);
      const random = (shape) => /** @type {tf.Tensor5D} */ (tf.randomUniform(shape));
      const [x, w] = [random(shape), random([4, 4, 4, shape[4], filters])];
      tf.tidy(() => void tf.conv3d(x, w, 2, 'same').dataSync());
      const start = performance.now();
      tf.tidy(() => void tf.conv3d(x, w, 2, 'same').dataSync());
      const seconds = (performance.now() - start) / 1e3;
      tf.dispose([x, w]);
      return seconds;
    };
    const best = await race([run('simd'), run(stock)], 2);
    return report(`conv3d [${shape}] to ${filters}`, best, stock);
  }
}
