// Opens the playground of the built site in Chromium and does all that one can do there. By hand:
// `npx nx e2e @tgan/docs`; CHROMIUM names the browser if it is not /usr/bin/chromium, SCREENSHOTS a
// folder for pictures.
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checks, openBrowser } from './browser.mjs';
import {
  largestDifference,
  openTinyModel,
  probe,
  readNpy,
  sharpFacts,
} from './playground-files.mjs';
import { serveSite } from './serve-site.mjs';

const { check: checkProblems, finish } = checks();
/** Checks that something holds; `seen` is printed when it does not. */
const check = (what, ok, seen) => checkProblems(what, ok ? [] : [`seen: ${JSON.stringify(seen)}`]);

const scratch = await mkdtemp(join(tmpdir(), 'tgan-playground-'));
const shots = process.env.SCREENSHOTS;
if (shots) await mkdir(shots, { recursive: true });
const axe = await readFile(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8');
const runFolder = fileURLToPath(new URL('../public/models/moving-mnist-tiny', import.meta.url));

const site = await serveSite();
const browser = await openBrowser();
const errors = [];
const strangers = new Set();
const node = await openTinyModel(runFolder);
try {
  const page = await openPage();
  await coldLoad();
  await open(page);
  await sameAsNode(page);
  await files(page);
  await time(page);
  await latents(page);
  await transition(page);
  await links(page);
  await ownModels(page);
  await backends(page);
  await page.context().close();
  await byKeyboard();
  await withoutMotion();
  await withoutThreads();
  for (const scheme of ['light', 'dark'])
    for (const width of [1280, 390]) await form(scheme, width);
  check('no page has an error', errors.length === 0, errors);
  check('no other server is asked for anything', strangers.size === 0, [...strangers]);
} catch (error) {
  check('the checks go on to their end', false, error.message);
} finally {
  await browser.close();
  site.close();
  node.dispose();
  await rm(scratch, { recursive: true });
}
finish();

async function openPage(options = {}) {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 1400 },
    permissions: ['clipboard-read', 'clipboard-write'],
    ...options,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  page.on('pageerror', ({ message }) => errors.push(message));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  page.on('request', (request) => {
    const { host, protocol } = new URL(request.url());
    if (protocol.startsWith('http') && host !== new URL(site.url).host) strangers.add(host);
  });
  return page;
}

/** Opens the playground and waits until all is drawn. */
async function open(page, hash = '', url = site.url) {
  // Another hash alone would not load the page again.
  await page.goto('about:blank');
  await page.goto(`${url}playground.html${hash}`);
  await settled(page);
}

async function settled(page) {
  await page.waitForSelector('.playground[data-state=playing][data-busy=false]');
}

/** What a canvas shows. */
async function pixels(page, selector) {
  return page.locator(selector).evaluate((canvas) => canvas.toDataURL());
}

/** Stops the film at a frame, so that pictures can be compared. */
async function seek(page, frame) {
  await page.locator('.scrubber').fill(String(frame));
  await page.waitForFunction(
    (text) => document.querySelector('.count').textContent.startsWith(text),
    `${frame + 1}/`,
  );
}

/** All frames of the picked video, or of the transition where it is as long. */
async function frames(page, selector = '.picked') {
  const last = Number(await page.locator('.scrubber').getAttribute('max'));
  const shown = [];
  for (let frame = 0; frame <= last; frame++) {
    await seek(page, frame);
    shown.push(await pixels(page, selector));
  }
  return shown;
}

async function save(page, subject, format) {
  await page.selectOption('.subject', subject);
  await page.selectOption('.format', format);
  const download = page.waitForEvent('download');
  await page.click('.save');
  const file = await download;
  const path = join(scratch, file.suggestedFilename());
  await file.saveAs(path);
  await settled(page);
  return { path, name: file.suggestedFilename() };
}

/** What a change leads to, once it is drawn. */
async function after(page, change) {
  await change();
  await settled(page);
}

async function coldLoad() {
  const page = await openPage({ javaScriptEnabled: false });
  await page.goto(`${site.url}playground.html`);
  const poster = await page.locator('.sheet').getAttribute('style');
  check('a poster is there before any script', poster?.includes('poster.png'), poster);
  await page.context().close();

  const cold = await openPage();
  await cold.addInitScript(() => {
    let first;
    const look = () => {
      const canvas = document.querySelector('canvas.picked');
      const shown = canvas?.width && canvas.toDataURL();
      first ??= shown || undefined;
      if (shown && shown !== first) window.movedAt = performance.now();
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
  await cold.goto(`${site.url}playground.html`);
  await cold.waitForFunction(() => window.movedAt, undefined, { timeout: 60_000 });
  const seconds = (await cold.evaluate(() => window.movedAt)) / 1000;
  check(`the first video moves after ${seconds.toFixed(2)} s of at most 3`, seconds <= 3, seconds);
  await settled(cold);
  const status = await cold.textContent('.status');
  const told = /^16 videos of 16 frames in [\d.]+ s on simd, [2-9]\d* threads$/.test(status);
  check('the status tells the time, the backend and its threads', told, status);
  const drawn = await cold.locator('.cell canvas').count();
  check('all 16 videos are drawn', drawn === 16, drawn);
  await cold.context().close();
}

async function sameAsNode(page) {
  const turn = Array.from({ length: 16 }, (_, video) => video % 10);
  const saved = await readNpy((await save(page, 'sheet', 'npy')).path);
  const difference = largestDifference(saved, await node.sample(1, turn));
  check(
    `videos of a seed are those of Node (off by ${difference})`,
    difference <= 1e-4,
    difference,
  );
  await seek(page, 5);
  const off = await page.locator('.picked').evaluate(
    (canvas, values) => {
      const { data } = canvas.getContext('2d').getImageData(0, 0, 32, 32);
      const shades = values.map((value) => Math.min(255, Math.max(0, 128 * value + 128)));
      return Math.max(...shades.map((shade, i) => Math.abs(shade - data[4 * i])));
    },
    Array.from(saved.data.subarray(5 * 1024, 6 * 1024)),
  );
  check('the screen shows these values', off <= 0.51, off);

  await after(page, () => page.selectOption('select.label', '7'));
  await after(page, () => page.fill('.seed', '42').then(() => page.press('.seed', 'Enter')));
  const sevens = await readNpy((await save(page, 'sheet', 'npy')).path);
  const offSevens = largestDifference(sevens, await node.sample(42, Array(16).fill(7)));
  check('and those of another seed and label', offSevens <= 1e-4, offSevens);
  await open(page);
}

async function files(page) {
  await after(page, () => page.click('.cell:nth-child(4)'));
  const gif = await save(page, 'video', 'gif');
  check('a file says what it has', gif.name === 'moving-mnist-tiny-seed-1-video-4.gif', gif.name);
  checkVideo('GIF of a video', await probe(gif.path), ['gif', 128, 128, 10, 16]);
  const mp4 = await probe((await save(page, 'video', 'mp4')).path);
  checkVideo('MP4 of a video', mp4, [mp4[0], 128, 128, 10, 16]);
  const webp = await sharpFacts((await save(page, 'video', 'webp')).path);
  const delays = Array(16).fill(100);
  checkVideo('WebP of a video', webp, ['webp', 128, 128, delays, 16]);
  const png = await sharpFacts((await save(page, 'video', 'png')).path);
  checkVideo('PNG of a video', png, ['png', 4 * (16 * 33 - 1), 128, undefined, 1]);
  const { shape } = await readNpy((await save(page, 'video', 'npy')).path);
  check('NumPy of a video', String(shape) === '1,16,32,32,1', shape);

  const sheet = 4 * (4 * 33 - 1);
  const sheetGif = await probe((await save(page, 'sheet', 'gif')).path);
  checkVideo('GIF of all videos', sheetGif, ['gif', sheet, sheet, 10, 16]);
  const sheetPng = await sharpFacts((await save(page, 'sheet', 'png')).path);
  const rows = 4 * (16 * 33 - 1);
  checkVideo('PNG of all videos', sheetPng, ['png', rows, rows, undefined, 1]);
  const film = await readNpy((await save(page, 'transition', 'npy')).path);
  const filmMp4 = await probe((await save(page, 'transition', 'mp4')).path);
  checkVideo('MP4 of the transition', filmMp4, [filmMp4[0], 128, 128, 10, film.shape[1]]);

  await after(page, () => page.selectOption('.speed', '2'));
  checkVideo('GIF at twice the speed', await probe((await save(page, 'video', 'gif')).path), [
    'gif',
    128,
    128,
    20,
    16,
  ]);
  await after(page, () => page.selectOption('.speed', '1'));
}

function checkVideo(what, seen, expected) {
  const [format, width, height, rate, count] = expected;
  const size = `${width}x${height}, ${count} frame${count > 1 ? 's' : ''}`;
  check(`${what}: ${format}, ${size}`, JSON.stringify(seen) === JSON.stringify(expected), {
    seen,
    rate,
  });
}

async function time(page) {
  const before = await frames(page);
  check('frames differ', new Set(before).size > 8, new Set(before).size);
  await after(page, () => page.selectOption('.factor', '4'));
  const max = await page.locator('.scrubber').getAttribute('max');
  check('four times the frames lie between the frames', max === '60', max);
  const stretched = await frames(page);
  const kept = before.filter((frame, i) => frame === stretched[4 * i]).length;
  check('every frame stays', kept === 16, kept);
  const gif = await probe((await save(page, 'video', 'gif')).path);
  checkVideo('GIF of all these frames', gif, ['gif', 128, 128, 40, 61]);
  await after(page, () => page.selectOption('.factor', '1'));

  const stopped = await shownIn(page, 500);
  check('a sought frame stays', stopped.size === 1, stopped.size);
  await page.click('[aria-label=Play]');
  const moving = await shownIn(page, 1000);
  check('it plays on', moving.size > 3, moving.size);
  await page.click('[aria-label=Pause]');
  const paused = await shownIn(page, 500);
  check('and pauses', paused.size === 1, paused.size);
  await page.click('[aria-label=Play]');
  await page.selectOption('.speed', '0.25');
  const slow = await shownIn(page, 1000);
  await page.selectOption('.speed', '1');
  check('the speed changes', slow.size >= 2 && slow.size < moving.size, slow.size);
}

/** The different frames of the picked video that are seen in some time. */
async function shownIn(page, milliseconds) {
  const counts = await page.evaluate(async (milliseconds) => {
    const seen = new Set();
    const end = performance.now() + milliseconds;
    while (performance.now() < end) {
      seen.add(document.querySelector('.count').textContent);
      await new Promise(requestAnimationFrame);
    }
    return [...seen];
  }, milliseconds);
  return new Set(counts);
}

async function latents(page) {
  const sliders = page.locator('.direction');
  await seek(page, 8);
  const middle = await pixels(page, '.picked');
  const count = await sliders.count();
  let alive = 0;
  for (let i = 0; i < count; i++) {
    await after(page, () => sliders.nth(i).fill('2'));
    if ((await pixels(page, '.picked')) !== middle) alive++;
    await after(page, () => sliders.nth(i).fill('0'));
  }
  check('each of eight directions changes the video', alive === 8 && count === 8, { alive, count });
  const names = await page.locator('.sliders label span').allTextContents();
  const named = names.filter((name) => !/^(truncation|(motion|looks) \d)$/.test(name));
  check(`some have names: ${named.join(', ')}`, named.length > 0, names);
  const value = await page.locator('.sliders output').nth(1).textContent();
  check('a slider shows its value', value === '0.0', value);
  await after(page, () => sliders.first().fill('-1.5'));
  await after(page, () => page.click('text=Back to the middle'));
  check('one button leads back to the middle', (await pixels(page, '.picked')) === middle);

  // A slider that is dragged asks for more than is drawn.
  await page.locator('.truncation').evaluate((slider) => {
    for (let value = 19; value >= 0; value--) {
      slider.value = String(value / 20);
      slider.dispatchEvent(new Event('input'));
    }
  });
  await settled(page);
  const cells = (number) => pixels(page, `.cell:nth-child(${number}) canvas`);
  const same = (await cells(1)) === (await cells(11)) && (await cells(1)) !== (await cells(2));
  check('without latents, videos differ by their labels alone', same);
  await after(page, () => page.locator('.truncation').fill('1'));
  check('truncation leads back', (await pixels(page, '.picked')) === middle);

  await after(page, () => page.click('text=Next seed'));
  const other = await pixels(page, '.picked');
  const seed = await page.inputValue('.seed');
  check('the next seed gives other videos', other !== middle && seed === '2', seed);
  await after(page, () => page.selectOption('select.label', '3'));
  check('a label changes the video', (await pixels(page, '.cell:nth-child(1) canvas')) !== other);
  await open(page);
}

async function transition(page) {
  await after(page, () => page.click('.cell:nth-child(3)'));
  await after(page, () => page.selectOption('.from', { value: '5' }));
  const film = await readNpy((await save(page, 'transition', 'npy')).path);
  const sheet = await readNpy((await save(page, 'sheet', 'npy')).path);
  const video = 16 * 1024;
  const start = { data: sheet.data.subarray(5 * video, 6 * video), shape: [video] };
  const begins = { data: film.data.subarray(0, video), shape: [video] };
  const off = largestDifference(begins, start);
  check('a transition begins with the video that it comes from', off <= 1e-4, off);
  // Both have the label of the first, so the end is drawn with that one.
  const end = await node.sample(1, Array(16).fill(5));
  const ends = { data: film.data.subarray(-video), shape: [video] };
  const last = { data: end.data.subarray(2 * video, 3 * video), shape: [video] };
  const offEnd = largestDifference(ends, last);
  check('and ends with the latents of the picked one', offEnd <= 1e-4, offEnd);
  const label = await page.locator('canvas.transition').getAttribute('aria-label');
  check('its label says so', label === 'From video 6 to video 3', label);
}

async function links(page) {
  await after(page, () => page.fill('.seed', '9').then(() => page.press('.seed', 'Enter')));
  await after(page, () => page.selectOption('select.label', '4'));
  await after(page, () => page.locator('.direction').nth(5).fill('1.5'));
  await after(page, () => page.locator('.truncation').fill('0.8'));
  await after(page, () => page.click('.cell:nth-child(8)'));
  await after(page, () => page.selectOption('.factor', '2'));
  await page.selectOption('.speed', '0.5');
  await page.click('text=Copy the link');
  const link = await page.evaluate(() => navigator.clipboard.readText());
  check('the address is the link', link === page.url() && link.includes('#'), link);
  const seen = await frames(page);

  const other = await openPage();
  await other.goto(link);
  await settled(other);
  const restored = await frames(other);
  check('a link restores the video', String(restored) === String(seen), new URL(link).hash);
  const state = (tab) =>
    tab
      .locator(
        '.playground :is(input[type=number], input[type=range], select:not(.subject, .format))',
      )
      .evaluateAll((controls) => controls.map(({ className, value }) => `${className} ${value}`));
  const [here, there] = [await state(page), await state(other)];
  check('and all controls', String(here) === String(there), there);
  await open(other, '#seed=none&picked=99&factor=3');
  const { hash } = new URL(other.url());
  check('a damaged link shows the first videos', (await other.inputValue('.seed')) === '1', hash);
  await other.context().close();
  await open(page);
}

async function ownModels(page) {
  await seek(page, 3);
  const hosted = await pixels(page, '.picked');
  await after(page, () => page.setInputFiles('.folder', runFolder));
  const name = await page.inputValue('.model');
  await seek(page, 3);
  const same = (await pixels(page, '.picked')) === hosted;
  check('a run folder opens and gives the same videos', same && name === 'moving-mnist-tiny', name);

  const weights = join(scratch, 'digits.safetensors');
  await writeFile(weights, await node.safetensors());
  await after(page, () => page.setInputFiles('.weights', weights));
  const title = await page.inputValue('.model');
  await seek(page, 3);
  const opened = (await pixels(page, '.picked')) === hosted && title === 'digits.safetensors';
  check('a .safetensors opens and gives the same videos', opened, title);
  const hint = await page.textContent('[aria-labelledby=take-title] .hint');
  check('the page says that a link has no model', hint.includes('stays on your computer'), hint);

  await after(page, () => page.selectOption('.model', 'moving-mnist-small'));
  await seek(page, 3);
  const chosen = await page.inputValue('.model');
  const other = (await pixels(page, '.picked')) !== hosted && chosen === 'moving-mnist-small';
  check('another trained model can be chosen', other, chosen);

  await after(page, () => page.selectOption('.model', 'moving-mnist-tiny'));
  await after(page, () => drop(page, weights));
  const dropped = await page.inputValue('.model');
  check('a dropped file opens', dropped === 'digits.safetensors', dropped);
  await after(page, () => drop(page, runFolder));
  const folder = await page.inputValue('.model');
  check('a dropped folder opens', folder === 'moving-mnist-tiny', folder);

  const refused = async (what, input, file, reason) => {
    await page.setInputFiles(input, file);
    await page.waitForSelector('.playground[data-state=failed][data-busy=false]');
    const status = await page.textContent('.status');
    check(`${what} is refused with a reason`, status.includes(reason), status);
  };
  await refused(
    'another folder',
    '.folder',
    fileURLToPath(new URL('.', import.meta.url)),
    'no config.yaml',
  );
  const onnx = join(scratch, 'generator.onnx');
  await writeFile(onnx, 'onnx');
  await refused('an ONNX file', '.weights', onnx, 'does not read it back');
  const damaged = join(scratch, 'damaged.safetensors');
  await writeFile(damaged, (await readFile(weights)).subarray(0, 10_000));
  await refused('a damaged file', '.weights', damaged, 'cut short');
  await after(page, () => page.click('text=Next seed'));
  check('the model before goes on', (await page.inputValue('.seed')) === '2');
  await open(page);
}

/** Drops a file or a folder as by hand: files of events that are made up are no entries. */
async function drop(page, path) {
  const area = page.locator('.drop');
  await area.scrollIntoViewIfNeeded();
  const { x, y } = await area.boundingBox();
  const tab = await page.context().newCDPSession(page);
  const data = { items: [], files: [path], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop']) {
    await tab.send('Input.dispatchDragEvent', { type, x: x + 10, y: y + 10, data });
  }
  await tab.detach();
}

async function backends(page) {
  const before = await readNpy((await save(page, 'sheet', 'npy')).path);
  await after(page, () => page.selectOption('.backend', 'cpu'));
  const status = await page.textContent('.status');
  check('the backend cpu can be chosen', status.endsWith('on cpu'), status);
  const difference = largestDifference(
    await readNpy((await save(page, 'sheet', 'npy')).path),
    before,
  );
  check('and gives the same videos', difference <= 1e-4, difference);
}

async function byKeyboard() {
  const page = await openPage();
  await open(page);
  const controls = await page
    .locator('.playground :is(button, input, select):not(:disabled):not([tabindex="-1"])')
    .count();
  await page.evaluate(() => document.querySelector('.playground button').focus());
  let reached = 0;
  while (await page.evaluate(() => document.activeElement.closest('.playground') !== null)) {
    reached++;
    await page.keyboard.press('Tab');
  }
  check('Tab reaches every control', reached === controls && reached > 15, { reached, controls });
  await page.focus('[aria-label=Pause]');
  await page.keyboard.press('Space');
  check('Space pauses', (await page.locator('[aria-label=Play]').count()) === 1);
  await page.focus('.cell[aria-checked=true]');
  await after(page, () => page.keyboard.press('ArrowDown'));
  await after(page, () => page.keyboard.press('ArrowRight'));
  const focused = await page.evaluate(() => document.activeElement.getAttribute('aria-label'));
  const picked = await page.getAttribute('.cell[aria-checked=true]', 'aria-label');
  check('arrows pick videos', focused === 'Video 6' && picked === 'Video 6', { focused, picked });
  await seek(page, 0);
  await page.focus('.scrubber');
  await page.keyboard.press('ArrowRight');
  const count = await page.textContent('.count');
  check('arrows go from frame to frame', count === '2/16', count);
  await page.focus('.direction');
  await after(page, () => page.keyboard.press('ArrowLeft'));
  const moved = await page.locator('.sliders output').nth(1).textContent();
  check('arrows move latents', moved === '-0.1', moved);
  await page.context().close();
}

async function withoutMotion() {
  const page = await openPage({ reducedMotion: 'reduce' });
  await open(page);
  const seen = await shownIn(page, 600);
  check('nothing moves for who prefers reduced motion', seen.size === 1, [...seen]);
  await page.click('[aria-label=Play]');
  const asked = await shownIn(page, 600);
  check('but it does when asked to', asked.size > 2, [...asked]);
  await page.context().close();
}

async function withoutThreads() {
  const plain = await serveSite({ isolated: false });
  const { host } = new URL(plain.url);
  const page = await openPage();
  await open(page, '', plain.url);
  const status = await page.textContent('.status');
  check('a site without isolation has one thread', status.endsWith('on simd, 1 thread'), status);
  await page.context().close();
  plain.close();
  strangers.delete(host);
}

async function form(colorScheme, width) {
  const page = await openPage({ colorScheme, viewport: { width, height: 900 } });
  await open(page);
  const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  await page.evaluate(axe);
  const violations = await page.evaluate(async () => {
    const { violations } = await window.axe.run('.playground');
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
  });
  const fits = over <= 0 && violations.length === 0;
  check(`it fits and can be read, ${colorScheme}, ${width} px`, fits, { over, violations });
  const path = join(shots ?? '', `playground-${colorScheme}-${width}.png`);
  if (shots) await page.screenshot({ path, fullPage: true });
  await page.context().close();
}
