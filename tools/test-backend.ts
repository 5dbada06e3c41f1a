// Lets any lib's tests run on another backend: `TGAN_BACKEND=tensorflow npx nx test
// @tgan/wgan-trainer`.
import { selectBackend } from '@tgan/runs';

const { name, runsOn } = await selectBackend(process.env['TGAN_BACKEND']);
console.log(`tests run on ${name}: ${runsOn}`);
