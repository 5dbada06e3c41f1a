// Opens a run that is still going in Chromium, through `tgan serve`, and checks that the page keeps
// up with it. By hand: `npx nx build @tgan/cli && node apps/cli/e2e/serve.mjs`; CHROMIUM names the
// browser if it is not /usr/bin/chromium, SCREENSHOTS a folder for pictures, RUN a run folder to
// look at instead of one that is made up.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeGif } from '@tgan/video-io';
import { chromium } from 'playwright-core';

const failures = [];
const check = (what, ok) => {
  console.log(`${ok ? 'ok  ' : 'FAIL'} ${what}`);
  if (!ok) failures.push(what);
};

const scratch = mkdtempSync(join(tmpdir(), 'tgan-e2e-'));
const run = process.env.RUN ?? join(scratch, 'moving-digits');
const madeUp = !process.env.RUN;
if (madeUp) {
  mkdirSync(join(run, 'samples'), { recursive: true });
  writeFileSync(join(run, 'config.yaml'), 'steps: 20000\n');
}

/** Takes the made-up run on to a step. */
let step = 0;
function train(to) {
  let lines = '';
  while (step < to) {
    step++;
    const wave = Math.sin(step * 7.3) * Math.sin(step * 1.7);
    const value = 2 * (1 - Math.exp(-step / 800)) + 0.4 * wave;
    const line = { step, value, real: value + 0.2 * wave, fake: 0.2 * wave, seconds: 0.05 };
    if (step % 5 === 0) {
      const sigma = (k) => 1 + 0.01 * (k + 1) * (1 + 0.5 * wave) + 0.2 * Math.exp(-step / 500);
      line.singularValues = Object.fromEntries([0, 1, 2, 3, 4].map((k) => [`conv${k}`, sigma(k)]));
    }
    lines += `${JSON.stringify(line)}\n`;
  }
  appendFileSync(join(run, 'metrics.jsonl'), lines);
}

/** A sheet whose squares move, the faster the later. */
async function sample(at) {
  const [frames, height, width] = [16, 128, 128];
  const data = new Uint8Array(frames * height * width);
  for (let t = 0; t < frames; t++) {
    for (let n = 0; n < 16; n++) {
      const [x, y] = [(n % 4) * 32 + ((t + n) % 20), Math.floor(n / 4) * 32 + 10];
      for (let dy = 0; dy < 10; dy++)
        data.fill(255, (t * height + y + dy) * width + x, (t * height + y + dy) * width + x + 10);
    }
  }
  const gif = await encodeGif({ data, frames, height, width, channels: 1 }, { fps: 10 });
  writeFileSync(join(run, 'samples', `step-${String(at).padStart(7, '0')}.gif`), gif);
}

const main = new URL('../dist/main.js', import.meta.url).pathname;
const server = spawn(process.execPath, [main, 'serve', run, '--port', '0', '--json'], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
const [announced] = await once(server.stdout, 'data');
const { url } = JSON.parse(announced);
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync'],
});

try {
  const page = await browser.newPage({ viewport: { width: 1360, height: 860 } });
  const complaints = [];
  page.on('pageerror', ({ message }) => complaints.push(message));
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  const foreign = [];
  page.on('request', (request) => {
    const asked = request.url();
    if (!asked.startsWith(url) && !asked.startsWith('data:')) foreign.push(asked);
  });
  const picture = async (name) => {
    if (!process.env.SCREENSHOTS) return;
    await page.screenshot({ path: join(process.env.SCREENSHOTS, `${name}.png`), fullPage: true });
  };
  const says = (selector, text) =>
    page
      .waitForFunction(
        ([selector, text]) => document.querySelector(selector).textContent.includes(text),
        [selector, text],
        { timeout: 20_000 },
      )
      .then(
        () => true,
        () => false,
      );
  await page.goto(url);

  if (madeUp) {
    check('waits for a run that has not begun', await says('#status', 'waiting'));
    await picture('waiting');
    train(4000);
    await sample(1000);
    await sample(4000);
    check('shows the first steps', await says('#numbers', '4,000 of 20,000'));
    check('says that it runs', await says('#status', 'running'));
    check('draws V', await says('#curves', 'V = mean'));
    await page.waitForSelector('#sample[src="samples/step-0004000.gif"]');
    const before = await page.getAttribute('#curves path.curve-0[d*="L"]', 'd');
    train(9000);
    check('keeps up', await says('#numbers', '9,000 of 20,000'));
    check('draws on', await says('#curves', '8000'));
    const after = await page.getAttribute('#curves path.curve-0[d*="L"]', 'd');
    check('with other curves', before !== after);
  } else {
    await says('#curves', 'V = mean');
  }

  await page.waitForFunction(() => document.querySelector('#sample').complete);
  check('shows a sample', await page.$eval('#sample', (image) => image.naturalWidth > 0));
  const seen = new Set();
  for (let i = 0; i < 12; i++) {
    seen.add((await page.locator('#sample').screenshot()).toString('base64'));
    await page.waitForTimeout(130);
  }
  check(`which moves (${seen.size} pictures)`, seen.size > 3);
  await picture('light');
  await page.emulateMedia({ colorScheme: 'dark' });
  await picture('dark');
  const wide = await page.getAttribute('#curves svg', 'width');
  await page.setViewportSize({ width: 420, height: 900 });
  await page.waitForFunction(
    (wide) => document.querySelector('#curves svg').getAttribute('width') < Number(wide),
    wide,
  );
  await picture('narrow');
  await page.setViewportSize({ width: 1360, height: 860 });

  if (madeUp) {
    await page.locator('#when').fill('0');
    check('the slider shows an earlier sample', await says('#when-step', '1,000'));
    check('and stays there', !(await page.isChecked('#newest')));
    await page.check('input[name=log]');
    await page.selectOption('select[name=smooth]', '0.99');
    check('smooths as told', await says('#curves', 'smoothed by 0.99'));
    train(20_000);
    check('says that it is done', await says('#status', 'done'));
  }
  check(`no error in the page: ${complaints.join('; ')}`, complaints.length === 0);
  check(`nothing from elsewhere: ${foreign.join(' ')}`, foreign.length === 0);

  const ended = once(server, 'exit');
  server.kill('SIGINT');
  check('ends with 130', (await ended)[0] === 130);
  check('the page says so', await says('#status', 'has ended'));
} finally {
  await browser.close();
  server.kill('SIGKILL');
  rmSync(scratch, { recursive: true });
}
if (failures.length > 0) process.exitCode = 1;
