// Opens runs in Chromium through `tgan serve`, one and two, and checks that the page shows them,
// keeps up with one that is going, and can be used by everyone. By hand, after `npx nx build
// @tgan/cli`: `node apps/cli/e2e/serve.mjs`. CHROMIUM names the browser if it is not
// /usr/bin/chromium; SCREENSHOTS=FOLDER writes pictures there: one-light-1280.png and so on. With
// RUN=FOLDER it looks at that run alone.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { encodeGif } from '@tgan/video-io';
import axe from 'axe-core';
import { chromium } from 'playwright-core';

const main = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), 'tgan-e2e-'));
const pictures = process.env.SCREENSHOTS;
if (pictures) mkdirSync(pictures, { recursive: true });

let passed = 0;
let failed = 0;
function check(what, ok, why = '') {
  console.log(`${ok ? 'ok  ' : 'FAIL'} ${what}${ok || !why ? '' : `: ${why}`}`);
  if (ok) passed++;
  else failed++;
}

// --- Runs ----------------------------------------------------------------------------------------

/** Networks so small that a step takes a few milliseconds. */
const preset = `imageSize: 32
frames: 8
latentSize: 4
temporalWidths: [4, 4]
imageWidths: [4, 2, 2]
criticWidths: [2, 2]
batchSize: 2
generatorLearningRate: 0.0001
sampleEvery: 5
sampleCount: 4
`;
/** The steps that a run takes, and those that it is then said to be on the way to. */
const [TAKEN, PLANNED] = [10, 20_000];

/** Trains for a few steps, and leaves the run as if it was to go on. */
async function train(name, seed) {
  const tiny = join(scratch, `${name}.yaml`);
  writeFileSync(tiny, `${preset}steps: ${TAKEN}\nseed: ${seed}\n`);
  const run = join(scratch, name);
  const training = spawn(process.execPath, [main, 'train', tiny, '--out', run, '--json'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [status] = await once(training, 'exit');
  if (status !== 0) throw new Error(`training ended with ${status}`);
  const config = join(run, 'config.yaml');
  writeFileSync(config, readFileSync(config, 'utf8').replace(/^steps: .*/m, `steps: ${PLANNED}`));
  return { run, step: TAKEN };
}

/** Takes a run on to a step, by metrics that are made up. */
function goOn(made, to) {
  let lines = '';
  while (made.step < to) {
    const step = ++made.step;
    const wave = Math.sin(step * 7.3) * Math.sin(step * 1.7);
    const value = 2 * (1 - Math.exp(-step / 800)) + 0.4 * wave;
    const line = { step, value, real: value + 0.2 * wave, fake: 0.2 * wave, seconds: 0.05 };
    if (step % 5 === 0) line.singularValues = { conv0: 1.02 + 0.01 * wave, conv1: 1 - 0.02 * wave };
    if (step % 500 === 0) line.distance = 0.1 + 0.5 * Math.exp(-step / 3000);
    lines += `${JSON.stringify(line)}\n`;
  }
  appendFileSync(join(made.run, 'metrics.jsonl'), lines);
}

const sheet = (step) => `step-${String(step).padStart(7, '0')}.gif`;

/** Adds a sheet whose squares move. */
async function addSheet({ run }, step) {
  const [frames, height, width] = [16, 128, 128];
  const data = new Uint8Array(frames * height * width);
  const fill = (t, x, y) => {
    for (let row = y; row < y + 10; row++) {
      const begin = (t * height + row) * width + x;
      data.fill(255, begin, begin + 10);
    }
  };
  for (let t = 0; t < frames; t++) {
    for (let n = 0; n < 16; n++) fill(t, (n % 4) * 32 + ((t + n) % 20), (n >> 2) * 32 + 10);
  }
  const gif = await encodeGif({ data, frames, height, width, channels: 1 }, { fps: 10 });
  writeFileSync(join(run, 'samples', sheet(step)), gif);
}

/** Scores as `tgan evaluate` writes them. */
function evaluate({ run }, by) {
  const score = (label, better, value, real) => ({
    ...{ label, better, value, interval: [0.8 * value, 1.2 * value] },
    real: { value: real, interval: [0.9 * real, 1.1 * real] },
  });
  const scores = {
    fvd: score('Frechet distance (FVD)', 'lower', 9.77 * by, 3.51),
    precision: score('precision', 'higher', 0.7 * by, 0.9),
    speed: score('pixels per frame, 10th percentile', 'as real', 0.973 * by, 1.14),
    novelty: { ...score('novelty', 'higher', 0.993, 1), interval: null, real: null },
  };
  mkdirSync(join(run, 'evaluation'));
  writeFileSync(join(run, 'evaluation', 'report.json'), JSON.stringify({ scores }));
}

// --- The page ------------------------------------------------------------------------------------

const servers = [];

async function serve(...runs) {
  const server = spawn(process.execPath, [main, 'serve', ...runs, '--port', '0', '--json'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  servers.push(server);
  const [announced] = await once(server.stdout, 'data');
  return { server, url: JSON.parse(announced).url };
}

/** Opens a page, and notes what it complains of and what it asks of others. */
async function open(browser, url, options = {}) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, ...options });
  const complaints = [];
  const foreign = [];
  page.on('pageerror', ({ message }) => complaints.push(message));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(url)) foreign.push(request.url());
  });
  await page.goto(url);
  return { page, complaints, foreign };
}

/** Whether something comes true in the page. */
const comes = (page, test, argument) =>
  page.waitForFunction(test, argument, { timeout: 10_000 }).then(
    () => true,
    () => false,
  );
const says = (page, selector, text) =>
  comes(page, ([selector, text]) => document.querySelector(selector).textContent.includes(text), [
    selector,
    text,
  ]);

const forms = ['light', 'dark'].flatMap((colorScheme) =>
  [1280, 390].map((width) => ({ colorScheme, width })),
);

/** Checks, and takes a picture of, a page in light and dark, wide and narrow. */
async function checkForms(page, name) {
  await page.evaluate(axe.source);
  for (const { colorScheme, width } of forms) {
    const form = `${name}-${colorScheme}-${width}`;
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 900 });
    const beyond = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    const { violations } = await page.evaluate(() => globalThis.axe.run());
    const serious = violations.filter(({ impact }) => ['serious', 'critical'].includes(impact));
    check(`${form}: no horizontal scroll`, beyond === 0, `${beyond} pixels`);
    const found = serious.map(({ id, nodes }) => `${id} at ${nodes.map(({ html }) => html)}`);
    check(`${form}: axe finds nothing serious`, serious.length === 0, found.join('; '));
    if (pictures) await page.screenshot({ path: join(pictures, `${form}.png`), fullPage: true });
  }
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize({ width: 1280, height: 900 });
}

/** How many different pictures a part of the page shows in a while. */
async function pictureCount(locator) {
  const seen = new Set();
  for (let i = 0; i < 8; i++) {
    seen.add((await locator.screenshot()).toString('base64'));
    await locator.page().waitForTimeout(120);
  }
  return seen.size;
}

/** The controls that Tab reaches, by their ids, names or texts. */
async function tabbed(page) {
  const reached = [];
  for (let i = 0; i < 30; i++) {
    await page.keyboard.press('Tab');
    const name = await page.evaluate(() => {
      const { id, name, textContent } = document.activeElement;
      return document.activeElement === document.body ? '' : id || name || textContent;
    });
    if (!name || reached.includes(name)) break;
    reached.push(name);
  }
  return reached;
}

// --- Checks --------------------------------------------------------------------------------------

async function checkOne(browser, made) {
  const { server, url } = await serve(made.run);
  const { page, complaints, foreign } = await open(browser, url);
  check('names the run', await says(page, 'h1', 'one'));
  check('says that it runs', await says(page, '#status', 'running'));
  check('shows V of both sides', await says(page, '#numbers', 'generated'));
  check('shows the learning rates', await says(page, '#numbers', '0.0001'));
  check('shows the use of the machine', await says(page, '#machine', 'processors'));
  check('has no scores yet', !(await page.isVisible('#scores')));

  goOn(made, 4000);
  for (const step of [1000, 2000, 4000]) await addSheet(made, step);
  check('keeps up', await says(page, '#numbers', `4,000 of ${PLANNED.toLocaleString('en')}`));
  check('tells the time that is left', await says(page, '#numbers', 'left'));
  check('shows the newest sheet', await says(page, '#when-step', '4,000'));
  check('shows sheets over the steps', await says(page, '#sheets', 'step 1,000'));
  const titles = ['V = mean D(x) - mean D(G(z))', 'Mean scores', 'Largest singular value'];
  for (const title of titles) check(`draws "${title}"`, await says(page, '#curves', title));
  await says(page, '#curves', '4000');
  const curve = () => page.getAttribute('.curves path.curve-0[d*="L"]', 'd');
  const before = await curve();
  goOn(made, 9000);
  await addSheet(made, 9000);
  const grown = (await says(page, '#curves', '8000')) && (await curve()) !== before;
  check('draws on', grown);
  check('shows the next sheet', await says(page, '#when-step', '9,000'));
  evaluate(made, 1);
  goOn(made, 9001);
  check('shows scores when there are some', await says(page, '#scores', '[7.82, 11.7]'));
  check('beside those of real clips', await says(page, '#scores', '[3.16, 3.86]'));

  const reached = await tabbed(page);
  const controls = ['when', 'newest', 'pause', 'step 1,000', 'smooth', 'log'];
  const missing = controls.filter((name) => !reached.includes(name));
  check('Tab reaches the controls', missing.length === 0, `${missing} are missing in ${reached}`);
  await checkSheets(page);
  await checkForms(page, 'one');

  await page.selectOption('select[name=smooth]', '0.99');
  check('smooths as told', await says(page, '#curves', 'smoothed by 0.99'));
  appendFileSync(join(made.run, 'metrics.jsonl'), `{"step":${++made.step},"value":null}\n`);
  check('says when the run has diverged', await says(page, '#problems', 'diverged'));
  goOn(made, PLANNED);
  check('says when the run is done', await says(page, '#status', 'done'));
  check(
    'and that V is a number again',
    await comes(page, () => !document.querySelector('#problems p')),
  );
  check('no error in the page', complaints.length === 0, complaints.join('; '));
  check('nothing from elsewhere', foreign.length === 0, foreign.join(' '));

  const ended = once(server, 'exit');
  server.kill('SIGINT');
  check('Ctrl-C ends the server', (await ended)[0] === 130);
  check('which the page says', await says(page, '#status', 'has ended'));
  await page.close();
}

/** Sheets by keyboard, moving and still. */
async function checkSheets(page) {
  await page.focus('#when');
  await page.keyboard.press('Home');
  check('the slider shows an earlier sheet', await says(page, '#when-step', String(TAKEN / 2)));
  check('which stays', !(await page.isChecked('#newest')));
  await page.locator('.pick', { hasText: 'step 9,000' }).focus();
  await page.keyboard.press('Enter');
  check('a small sheet can be chosen', await says(page, '#when-step', '9,000'));
  await page.waitForFunction(() => document.querySelector('#sample').naturalWidth > 0);
  const shown = page.locator('#shown .sheet');
  check('sheets move', (await pictureCount(shown)) > 2);
  await page.click('#pause');
  check('and stop', (await pictureCount(shown)) === 1);
  await page.click('#pause');
}

async function checkTwo(browser, runs) {
  const { url } = await serve(...runs.map(({ run }) => run));
  const { page, complaints, foreign } = await open(browser, url, { reducedMotion: 'reduce' });
  check('two: tells of both', await says(page, '#runs', 'two'));
  check('two: draws both', await says(page, '#curves', 'solid: real clips'));
  await page.waitForFunction(() => document.querySelector('#sample').naturalWidth > 0);
  check('two: reduced motion keeps still', (await pictureCount(page.locator('#shown'))) === 1);
  evaluate(runs[1], 1.5);
  goOn(runs[1], 6000);
  check('two: keeps up with the other', await says(page, '#runs', '6,000 of'));
  check('two: compares scores', await says(page, '#scores', '14.7'));
  await checkForms(page, 'two');
  check('two: no error in the page', complaints.length === 0, complaints.join('; '));
  check('two: nothing from elsewhere', foreign.length === 0, foreign.join(' '));
  await page.close();
}

async function checkWaiting(browser) {
  const run = join(scratch, 'new');
  mkdirSync(run);
  writeFileSync(join(run, 'config.yaml'), 'steps: 100\n');
  const { url } = await serve(run);
  const { page, complaints } = await open(browser, url);
  check('waits for a run that has not begun', await says(page, '#status', 'waiting'));
  await checkForms(page, 'new');
  check('new: no error in the page', complaints.length === 0, complaints.join('; '));
  await page.close();
}

/** Looks at a run of the caller's. */
async function checkGiven(browser, run) {
  const { url } = await serve(run);
  const { page, complaints } = await open(browser, url);
  check('draws V', await says(page, '#curves', 'V = mean'));
  check('shows a sheet', await comes(page, () => document.querySelector('#sample').naturalWidth));
  await checkForms(page, 'run');
  check('no error in the page', complaints.length === 0, complaints.join('; '));
  await page.close();
}

async function checkMadeUp(browser) {
  const runs = await Promise.all([train('one', 1), train('two', 2)]);
  await checkOne(browser, runs[0]);
  await checkTwo(browser, runs);
  await checkWaiting(browser);
}

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync'],
});
try {
  if (process.env.RUN) await checkGiven(browser, process.env.RUN);
  else await checkMadeUp(browser);
} finally {
  await browser.close();
  for (const server of servers) server.kill('SIGKILL');
  rmSync(scratch, { recursive: true });
}
console.log(`${passed} passed, ${failed} failed`);
if (failed > 0) process.exitCode = 1;
