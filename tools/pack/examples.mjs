// Runs the programs of `examples/` against tarballs.
import { execFile } from 'node:child_process';
import { cpSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { readManifest, root } from './packages.mjs';
import { browserPath, launch, serve } from './pages.mjs';
import { installedProject } from './project.mjs';

const run = promisify(execFile);

/** What each program prints, or a check of its own. */
const expectations = {
  'svc-in-a-dcgan': async (folder) => {
    const sigma = async (...args) => {
      const printed = await runProgram(folder, 'main.js', args, { STEPS: '60' });
      return Number(/largest singular value: ([\d.]+)/.exec(printed)[1]);
    };
    const [clipped, free] = [await sigma(), await sigma('--without')];
    console.log(`the critic's largest singular value: ${clipped} with clipping, ${free} without`);
    return clipped <= 1.001 && free > 1.2 ? [] : [`${clipped} with clipping, ${free} without`];
  },
  'own-data-set': (folder) => prints(folder, 'main.js', /step 10: V -?\d+\.\d+/, { STEPS: '10' }),
  'own-objective': async (folder) => {
    const printed = await runProgram(folder, 'main.js', []);
    const radius = Number(/step 1000: mean distance from the center ([\d.]+)/.exec(printed)[1]);
    return Math.abs(radius - 1) < 0.3 ? [] : [printed];
  },
  'simd-backend': (folder) => prints(folder, 'main.js', /^on simd: loss \d/m),
  commonjs: (folder) => prints(folder, 'main.cjs', /^2 x 8 x 16 x 16 x 3 on cpu$/m),
  page: checkPage,
};

/** Copies each example, installs it with the tarballs, and runs it. */
export async function runExamples(packed, folder, report) {
  const names = readdirSync(join(root, 'examples'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);
  for (const name of names) {
    await report.run(`example ${name}`, async () => {
      const copy = join(folder, name);
      cpSync(join(root, 'examples', name), copy, { recursive: true });
      const { dependencies } = readManifest(copy);
      const wanted = Object.keys(dependencies).filter((each) => each.startsWith('@tgan/'));
      const others = Object.entries(dependencies).filter(([each]) => !wanted.includes(each));
      await installedProject(copy, packed, wanted, Object.fromEntries(others));
      if (!expectations[name]) return ['nothing says what it should do'];
      return expectations[name](copy);
    });
  }
}

async function runProgram(folder, file, args, env = {}) {
  const options = { cwd: folder, env: { ...process.env, ...env } };
  const { stdout } = await run(process.execPath, [file, ...args], options);
  return stdout;
}

async function prints(folder, file, expected, env) {
  const printed = await runProgram(folder, file, [], env);
  return expected.test(printed) ? [] : [`it prints ${printed}`];
}

/** Opens the page in Chromium where there is one. Its import map is checked in any case. */
async function checkPage(folder) {
  const html = readFileSync(join(folder, 'index.html'), 'utf8');
  const [, map] = /<script type="importmap">([^]*?)<\/script>/.exec(html);
  const problems = Object.values(JSON.parse(map).imports)
    .filter((file) => !existsSync(join(folder, String(file))))
    .map((file) => `its import map names ${file}, which is not there`);
  if (problems.length > 0 || !existsSync(browserPath)) return problems;

  const server = await serve(folder);
  const browser = await launch();
  try {
    const page = await browser.newPage();
    page.on('pageerror', (error) => problems.push(error.message));
    await page.goto(server.address);
    const timeout = 60_000;
    await page.waitForSelector('[data-shown$=" 3"]', { timeout }).catch((error) => {
      problems.push(error.message);
    });
    const shades = await page.$eval('canvas', (canvas) => {
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      return new Set(data).size;
    });
    if (shades < 20) problems.push(`the canvas has ${shades} shades`);
  } finally {
    await browser.close();
    server.close();
  }
  return problems;
}
