// Opens the pages of the built site that train and that clip in Chromium, uses them, and checks
// what they give. By hand: `npx nx e2e-tools @tgan/docs`; CHROMIUM names the browser if it is not
// /usr/bin/chromium.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import '@tgan/gan-layers';
import { operatorNorms } from '@tgan/svc-constraint';
import * as tf from '@tensorflow/tfjs';
import { unzipSync } from 'fflate';
import { runnerImport } from 'vite';
import { checks, openBrowser } from './browser.mjs';
import { serveSite } from './serve-site.mjs';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const timeout = 120_000;

const { check: checkProblems, finish } = checks();
/** Checks that something holds; `seen` is printed when it does not. */
const check = (what, ok, seen) => checkProblems(what, ok ? [] : [`seen: ${JSON.stringify(seen)}`]);

const site = await serveSite();
const browser = await openBrowser();
const errors = [];
try {
  await training(await open('live-training'));
  await trainingWithoutMotion(await open('live-training', { reducedMotion: 'reduce' }));
  await clipping(await open('svc-tool'));
  check('no page has an error', errors.length === 0, errors);
} finally {
  await browser.close();
  site.close();
}
finish();

async function training(page) {
  const button = page.locator('.training .primary');
  await button.focus();
  await page.keyboard.press('Enter');
  await untilStep(page, 3);
  check('training begins by keyboard', (await button.textContent()).trim() === 'Pause');
  await page.keyboard.press('Enter');
  await page.waitForSelector('[data-state=paused]', { timeout });
  const paused = await stepOf(page);
  const sheet = page.locator('.samples canvas');
  const moving = new Set();
  for (let i = 0; i < 10; i++) {
    moving.add(await sheet.evaluate((canvas) => canvas.toDataURL()));
    await page.waitForTimeout(100);
  }
  check('the samples move', moving.size > 2);
  check('pausing stops training, and keeps the focus', (await stepOf(page)) === paused);
  check('it has threads', (await figure(page, 'threads')) > 1);
  await page.keyboard.press('Enter');
  await untilStep(page, paused + 3);
  await page.keyboard.press('Enter');
  await page.waitForSelector('[data-state=paused]', { timeout });
  const steps = await stepOf(page);
  check('it goes on', steps >= paused + 3);

  const { name, bytes } = await download(page, '.training .download');
  check(`it gives ${name}`, name === `page-run-step-${steps}.safetensors`);
  const { module } = await runnerImport(here('tools/node-run.js'), {
    resolve: { conditions: ['@tgan/source'] },
    logLevel: 'error',
  });
  const expected = await module.weightsAfter(steps);
  check(`its weights after ${steps} steps are those of Node`, bytes.equals(Buffer.from(expected)));
}

async function trainingWithoutMotion(page) {
  await page.click('.training .primary');
  await untilStep(page, 1);
  check(
    'samples stand still for who prefers reduced motion',
    await page.isVisible('text=Play the samples'),
  );
}

async function clipping(page) {
  await page.click('.svc .example');
  await status(page, 'a small critic of the paper: 4 kernels clipped to 1 ');
  check('the example shows its kernels', (await page.locator('.svc .spectrum').count()) === 4);
  check(
    'they are at the bound',
    (await largest(page)).every((after) => after <= 1),
  );
  check(
    'it opens in Node, clipped to 1',
    (await normsOf(page)).every((norm) => norm < 1.001),
  );

  await page.fill('.svc input.bound', '0.5');
  await page.press('.svc input.bound', 'Tab');
  await status(page, 'clipped to 0.5');
  check(
    'another bound clips it again',
    (await largest(page)).every((after) => after <= 0.5),
  );
  check(
    'and gives another model',
    (await normsOf(page)).every((norm) => norm < 0.501),
  );

  await page.setInputFiles('.svc input.folder', here('../public/models/moving-mnist-tiny'));
  await status(page, 'moving-mnist-tiny: ');
  check('a run folder opens', (await page.locator('.svc .spectrum').count()) > 2);
  await page.setInputFiles('.svc input.files', here('../package.json'));
  await page.waitForSelector('[data-state=failed]', { timeout });
  const refusal = await page.textContent('.svc .status');
  check('other files are refused', refusal.includes('no model.json of a LayersModel'));
}

/** The largest singular values of the kernels after clipping, as the table shows them. */
async function largest(page) {
  const cells = await page.locator('.svc tbody td:nth-child(2)').allTextContents();
  return cells.map((text) => Number(text.split('→')[1]));
}

/** The norms of the kernels of the model that the page gives. */
async function normsOf(page) {
  const { bytes } = await download(page, '.svc .download');
  const files = unzipSync(bytes);
  const { modelTopology, weightsManifest } = JSON.parse(Buffer.from(files['model.json']));
  const weightSpecs = weightsManifest.flatMap(({ weights }) => weights);
  const weightData = files['weights.bin'].slice().buffer;
  const model = await tf.loadLayersModel(
    tf.io.fromMemory({ modelTopology, weightSpecs, weightData }),
  );
  const norms = await operatorNorms(model);
  return norms.map(({ kernel }) => kernel);
}

async function open(path, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1200, height: 1000 }, ...options });
  const page = await context.newPage();
  page.on('pageerror', ({ message }) => errors.push(message));
  await page.goto(site.url + path);
  return page;
}

async function download(page, button) {
  const [file] = await Promise.all([
    page.waitForEvent('download', { timeout }),
    page.click(button),
  ]);
  return { name: file.suggestedFilename(), bytes: await readFile(await file.path()) };
}

function status(page, text) {
  const shows = (text) => document.querySelector('.svc .status').textContent.includes(text);
  return page.waitForFunction(shows, text, { timeout });
}

/** A number among the figures of a run; NaN while there is none. */
function figure(page, name) {
  return page.evaluate((name) => {
    const pairs = [...document.querySelectorAll('.figures div')];
    const pair = pairs.find((pair) => pair.querySelector('dt').textContent === name);
    return parseInt(pair?.querySelector('dd').textContent);
  }, name);
}

function stepOf(page) {
  return figure(page, 'step');
}

async function untilStep(page, step) {
  const until = Date.now() + timeout;
  while (!((await stepOf(page)) >= step)) {
    if (Date.now() > until) throw new Error(await page.textContent('.training .status'));
    await page.waitForTimeout(50);
  }
}
