// Opens the pages of the built site in Chromium and checks them. By hand: `npx nx e2e-site
// @tgan/docs`; CHROMIUM names the browser if it is not /usr/bin/chromium, ONLY the pages by a
// regular expression, SCREENSHOTS a folder for pictures of them.
import { mkdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { checks, openBrowser } from './browser.mjs';
import { serveSite } from './serve-site.mjs';
import { deadLinks, pages, scriptBytes, sitemapPages } from './site-files.mjs';

/** Pages of each kind that typedoc makes; the others of a kind look alike. */
const apiPages = [
  'api/index.html',
  'api/@tgan/simd-backend/index.html',
  'api/@tgan/core/classes/Random.html',
  'api/@tgan/svc-constraint/functions/clipModel.html',
  'api/@tgan/datasets/interfaces/ClipLoaderOptions.html',
  'api/@tgan/runs/type-aliases/RunConfig.html',
  'api/@tgan/video-gan/variables/models.html',
];
/** Pages whose components load more than a guide does. */
const tools = ['index', 'explained', 'playground', 'live-training', 'svc-tool'];

const own = pages.filter((page) => !page.includes('/') && page !== '404.html');
const only = process.env.ONLY && new RegExp(process.env.ONLY);
const chosen = [...own, ...apiPages].filter((page) => !only || only.test(page));

/** Each page is loaded in both, at the first width; then its window changes to the second. */
const forms = [
  { scheme: 'light', widths: [1280, 390] },
  { scheme: 'dark', widths: [390, 1280] },
];
/** Pages that are looked at at a time: most of the time goes by until no page asks for more. */
const TABS = 3;

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const shots = process.env.SCREENSHOTS;
if (shots) await mkdir(shots, { recursive: true });

const { check, finish } = checks();
const site = await serveSite();
const browser = await openBrowser();
try {
  for (const form of forms) await inForm(form);
  await byKeyboard();
  await withoutMotion();
  if (chosen.includes('index.html')) await homeDraws();
  if (chosen.includes('explained.html')) {
    await figuresDraw();
    await figuresFollow();
  }
  if (!only) await files();
} finally {
  await browser.close();
  site.close();
}
finish();

async function inForm({ scheme, widths }) {
  const context = await contextOf(scheme, widths[0]);
  await forEachPage(chosen, async (page) => {
    const { tab, problems } = await open(context, page);
    for (const width of widths) {
      const name = `${nameOf(page)}, ${scheme}, ${width} px`;
      await tab.setViewportSize(sizeOf(width));
      const over = await tab.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      if (over > 0) problems.push(`${over} px wider than the window`);
      check(name, problems.splice(0));
      if (width === widths[0]) check(`${name}, axe`, await axeFindings(tab));
      if (shots) {
        const file = `${nameOf(page).replaceAll('/', '-')}-${scheme}-${width}.png`;
        await tab.screenshot({ path: join(shots, file), fullPage: true });
      }
    }
    await tab.close();
  });
  await context.close();
}

/** Runs a check of pages in several tabs at a time. */
async function forEachPage(pages, look) {
  const left = [...pages];
  const one = async () => {
    for (let page = left.shift(); page; page = left.shift()) await look(page);
  };
  await Promise.all(Array.from({ length: TABS }, one));
}

/** Every control of a page has the focus once while Tab is pressed. */
async function byKeyboard() {
  const context = await contextOf();
  const looked = chosen.filter((page) => !page.startsWith('api/') || page === 'api/index.html');
  await forEachPage(looked, async (page) => {
    const { tab, problems } = await open(context, page);
    const count = await tab.evaluate(markControls);
    await tab.evaluate(() => document.activeElement?.blur());
    // VitePress has a few more, which are no controls of the page.
    for (let i = 0; i < count + 40; i++) {
      await tab.keyboard.press('Tab');
      const done = await tab.evaluate(() => {
        document.activeElement?.removeAttribute('data-unreached');
        return document.querySelector('[data-unreached]') === null;
      });
      if (done) break;
    }
    const missed = await tab.$$eval('[data-unreached]', (all) =>
      all.map((one) => one.outerHTML.slice(0, 100)),
    );
    check(`${nameOf(page)}, by Tab`, [...problems, ...missed.slice(0, 5)]);
    await tab.close();
  });
  await context.close();
}

/** Marks what Tab should reach and says how much that is. Runs in the page. */
function markControls() {
  const selector =
    'a[href], button:not(:disabled), input:not(:disabled), select:not(:disabled), [tabindex="0"]';
  const groups = new Set();
  const controls = [...document.querySelectorAll(selector)].filter((control) => {
    const { width, height } = control.getBoundingClientRect();
    const shown = width > 0 && height > 0 && getComputedStyle(control).visibility !== 'hidden';
    if (!shown || control.tabIndex < 0) return false;
    // Of radio buttons with a name, Tab reaches one.
    if (control.type !== 'radio') return true;
    const first = !groups.has(control.name);
    groups.add(control.name);
    return first;
  });
  for (const control of controls) control.setAttribute('data-unreached', '');
  return controls.length;
}

/** Where less motion is asked for, a page comes to rest. */
async function withoutMotion() {
  const context = await contextOf('light', 1280, 'reduce');
  const looked = chosen.filter((page) => tools.includes(nameOf(page)));
  await forEachPage(looked, async (page) => {
    const { tab, problems } = await open(context, page);
    if (!(await comesToRest(tab))) problems.push('something moves');
    check(`${nameOf(page)}, reduced motion`, problems);
    await tab.close();
  });
  await context.close();
}

async function comesToRest(tab) {
  let same = 0;
  let before = '';
  for (let i = 0; i < 50; i++) {
    const now = (await tab.screenshot()).toString('base64');
    same = now === before ? same + 1 : 0;
    if (same === 4) return true;
    before = now;
    await tab.waitForTimeout(300);
  }
  return false;
}

async function homeDraws() {
  const context = await contextOf();
  const { tab, problems } = await open(context, 'index.html');
  const status = tab.locator('.hero-videos [role=status]');
  const drawn = await status
    .filter({ hasText: 'made in this page' })
    .waitFor({ timeout: 60_000 })
    .then(
      () => true,
      () => false,
    );
  if (!drawn) problems.push(await status.textContent());
  check('index, draws its videos', problems);
  await context.close();
}

async function figuresDraw() {
  const context = await contextOf();
  const { tab, problems } = await open(context, 'explained.html');
  for (const figure of await tab.locator('figure.explained').all()) {
    await figure.scrollIntoViewIfNeeded();
    const stills = figure.locator('span.clips-view');
    for (let i = 0; i < 100 && (await stills.count()) > 0; i++) await tab.waitForTimeout(100);
    if ((await stills.count()) > 0) problems.push(await figure.locator('figcaption').textContent());
  }
  problems.push(...(await tab.locator('.explained .error').allTextContents()));
  check('explained, its figures run', problems);
  await context.close();
}

/** What is dragged or moved by keys changes. */
async function figuresFollow() {
  const context = await contextOf();
  const { tab, problems } = await open(context, 'explained.html');
  const [latents, path] = await tab.locator('figure.explained').all();
  const bars = await latents.locator('.bars').boundingBox();
  const values = () => latents.locator('output').allTextContents();
  const before = await values();
  await tab.mouse.move(bars.x + bars.width / 2, bars.y + bars.height / 2);
  await tab.mouse.down();
  await tab.mouse.move(bars.x + bars.width / 2, bars.y + 8, { steps: 4 });
  await tab.mouse.up();
  const [number, value] = await values();
  if (number === before[0] || Number(value) < 0.8)
    problems.push(`a bar stays: ${number}, ${value}`);

  const reset = path.getByRole('button', { name: 'As G0 says' });
  const handle = path.locator('.handle').first();
  const place = () => handle.getAttribute('aria-valuenow');
  await path.scrollIntoViewIfNeeded();
  await path.locator('canvas').waitFor({ timeout: 60_000 });
  const start = await place();
  await handle.focus();
  await tab.keyboard.press('Shift+ArrowRight');
  if ((await place()) === start) problems.push('a point stays');
  await reset.click();
  const back = () =>
    document.querySelectorAll('figure.explained')[1].querySelector('button').disabled;
  await tab.waitForFunction(back, undefined, { timeout: 60_000 });
  if ((await place()) !== start) problems.push('the path of G0 does not come back');
  check('explained, its figures follow mouse and keys', problems);
  await context.close();
}

async function files() {
  check('links, anchors and files', await deadLinks());
  const listed = await sitemapPages();
  if (listed) {
    const missing = pages.filter((page) => page !== '404.html' && !listed.includes(page));
    check('all pages are in the sitemap', missing);
  }
  for (const page of own.filter((page) => !tools.includes(nameOf(page)))) {
    const size = (await scriptBytes(page)) / 1000;
    const name = `${nameOf(page)}, JavaScript: ${size.toFixed(0)} kB`;
    check(name, size < 100 ? [] : ['more than 100 kB']);
  }
}

function contextOf(colorScheme = 'light', width = 1280, reducedMotion = 'no-preference') {
  return browser.newContext({ colorScheme, viewport: sizeOf(width), reducedMotion });
}

function sizeOf(width) {
  return { width, height: width === 390 ? 844 : 800 };
}

/** Opens a page, and collects what its console and its requests have against it. */
async function open(context, page) {
  const problems = [];
  const tab = await context.newPage();
  const { origin } = new URL(site.url);
  tab.on('pageerror', (error) => problems.push(error.message));
  tab.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  tab.on('request', (request) => {
    const { protocol, origin: other } = new URL(request.url());
    if (protocol.startsWith('http') && other !== origin) problems.push(`asks ${request.url()}`);
  });
  await tab.goto(new URL(page, site.url).href, { waitUntil: 'networkidle' });
  return { tab, problems };
}

async function axeFindings(tab) {
  await tab.evaluate(axe);
  const { violations } = await tab.evaluate(() =>
    window.axe.run(document, {
      resultTypes: ['violations'],
      // VitePress's button for the search also shows its shortcut.
      rules: { 'label-content-name-mismatch': { enabled: false } },
    }),
  );
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(
      ({ id, help, nodes }) => `${id}: ${help} (${nodes.length}): ${nodes[0].html.slice(0, 120)}`,
    );
}

function nameOf(page) {
  return page.replace(/(\/index)?\.html$/, '');
}
