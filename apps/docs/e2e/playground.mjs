// Opens the built playground in Chromium and checks that it plays. By hand: `npx nx e2e
// @tgan/docs`; CHROMIUM names the browser if it is not /usr/bin/chromium, SCREENSHOT a file for a
// picture, RUN a run folder to open.
import { spawn } from 'node:child_process';
import { basename } from 'node:path';
import { chromium } from 'playwright-core';

const port = 4179;
const server = spawn('npx', ['vitepress', 'preview', '--port', String(port)], { detached: true });
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
});

const failures = [];
const check = (what, ok) => {
  console.log(`${ok ? 'ok  ' : 'FAIL'} ${what}`);
  if (!ok) failures.push(what);
};

try {
  const page = await browser.newPage({ viewport: { width: 1200, height: 1400 } });
  page.on('pageerror', (error) => check(`no error in the page: ${error.message}`, false));
  await untilServed(`http://localhost:${port}/`);
  await page.goto(`http://localhost:${port}/playground`);
  await page.waitForSelector('[data-state=playing] .way', { timeout: 120_000 });
  console.log(await page.textContent('.status'));

  const status = (text) =>
    page.waitForFunction(
      (text) => document.querySelector('.status').textContent.includes(text),
      text,
      { timeout: 120_000 },
    );
  const pixels = (selector) => page.$eval(selector, (canvas) => canvas.toDataURL());
  const shown = async (selector, frames) => {
    const seen = new Set();
    for (let i = 0; i < frames; i++) {
      seen.add(await pixels(selector));
      await page.waitForTimeout(100);
    }
    return seen;
  };
  const sheet = await shown('.sheet', 40);
  check('the sheet moves', sheet.size > 4);

  const way = await shown('.way', 40);
  await page.$eval('input[type=range]', (input) => {
    input.value = input.max;
    input.dispatchEvent(new Event('input'));
  });
  const end = await shown('.way', 40);
  check(
    'the slider leads to another video',
    [...end].every((frame) => !way.has(frame)),
  );

  if (process.env.SCREENSHOT) await page.screenshot({ path: process.env.SCREENSHOT });
  const seed = async (number) => {
    await page.fill('input[type=number]', String(number));
    await page.press('input[type=number]', 'Tab');
    await status(`seed ${number},`);
    return shown('.sheet', 40);
  };
  const other = await seed(7);
  check(
    'another seed gives other videos',
    [...other].every((frame) => !sheet.has(frame)),
  );
  const again = await seed(1);
  check(
    'the same seed gives the same videos',
    [...again].some((frame) => sheet.has(frame)),
  );

  const folder = process.env.RUN ?? 'public/models/moving-mnist-tiny';
  await page.setInputFiles('input[type=file]', folder);
  await status(`${basename(folder)}: seed`);
  check('a run folder opens', true);
  await page.setInputFiles('input[type=file]', 'e2e');
  await page.waitForSelector('[data-state=failed]');
  check(
    'another folder is refused',
    (await page.textContent('.status')).includes('no config.yaml'),
  );
} finally {
  await browser.close();
  process.kill(-server.pid);
}
if (failures.length > 0) process.exitCode = 1;

async function untilServed(url) {
  for (let i = 0; i < 100; i++) {
    if (await fetch(url).catch(() => null)) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`nothing is served at ${url}`);
}
