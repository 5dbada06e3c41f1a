// Shows that `tgan dataset prepare` survives kill -9 at any moment and keeps within memory, on a
// set as large as told.
//
//   node tools/kill-prepare.mjs [--gigabytes 2] [--kills 10] [--seed 1] [--folder DIR] [--json]
//
// Makes a set in the layout of UCF-101 (few generated clips, linked many times), prepares it in one
// go, then prepares it again with kills at random moments, and compares the two files byte for
// byte. Removes all that it made. Needs Linux, ffmpeg, and a disk of five times the gigabytes.
// Build the command line first (npx nx build @tgan/cli).
import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream, existsSync, linkSync, mkdirSync, mkdtempSync } from 'node:fs';
import { rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Random } from '@tgan/core';

const { values: options } = parseArgs({
  options: {
    gigabytes: { type: 'string', default: '2' },
    kills: { type: 'string', default: '10' },
    seed: { type: 'string', default: '1' },
    folder: { type: 'string', default: tmpdir() },
    json: { type: 'boolean', default: false },
  },
});
const kills = Number(options.kills);
const random = new Random(Number(options.seed));
const say = (...words) => options.json || console.log(...words);
const cli = new URL('../apps/cli/dist/main.js', import.meta.url).pathname;
const folder = mkdtempSync(join(options.folder, 'tgan-kill-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));

/**
 * Writes the set and gives its bytes. Neighbors are never the same clip, so that a wrong order
 * would show.
 */
function makeSet(root, wanted) {
  const classes = Array.from({ length: 101 }, (_, i) => `Class${i + 1}`);
  mkdirSync(root);
  const originals = Array.from({ length: 23 }, (_, i) => {
    const path = join(folder, `original-${i}.avi`);
    const [frames, hue] = [120 + 7 * i, 15 * i];
    const picture = `testsrc2=size=320x240:rate=25,noise=alls=6:allf=t:all_seed=${i},hue=h=${hue}`;
    const encode = ['-c:v', 'mpeg4', '-vtag', 'XVID', '-q:v', '4', '-frames:v', `${frames}`];
    execFileSync('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', picture, ...encode, path]);
    return path;
  });
  const names = [];
  let bytes = 0;
  for (let i = 0; bytes < wanted; i++) {
    const [label, original] = [i % classes.length, originals[i % originals.length]];
    const clip = String(Math.floor(i / classes.length) + 1).padStart(2, '0');
    const name = `${classes[label]}/v_${classes[label]}_g01_c${clip}.avi`;
    mkdirSync(join(root, classes[label]), { recursive: true });
    linkSync(original, join(root, name));
    bytes += statSync(original).size;
    names.push(`${name} ${label + 1}`);
  }
  writeFileSync(join(root, 'classInd.txt'), classes.map((c, i) => `${i + 1} ${c}\n`).join(''));
  writeFileSync(join(root, 'trainlist01.txt'), `${names.join('\n')}\n`);
  return { bytes, videos: names.length };
}

/** Resident megabytes of a process and of the children that it started. */
function resident(pid) {
  const rows = execFileSync('ps', ['-e', '-o', 'pid=,ppid=,rss=']).toString().trim().split('\n');
  const numbers = rows.map((row) => row.trim().split(/\s+/).map(Number));
  const of = (wanted) => numbers.reduce((sum, row) => (wanted(row) ? sum + row[2] : sum), 0) / 1024;
  return { own: of((row) => row[0] === pid), all: of((row) => row[0] === pid || row[1] === pid) };
}

/**
 * Prepares the set; kills it when it has written so many bytes. Gives the signal or exit code, and
 * peak memory.
 */
async function prepare(root, out, killAt = Infinity) {
  const args = [cli, 'dataset', 'prepare', 'ucf101', root, '--out', out, '--json'];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (text) => (said = (said + text).slice(-2000)));
  const peak = { own: 0, all: 0 };
  let over = false;
  const closed = once(child, 'close').finally(() => (over = true));
  let measured = 0;
  while (!over) {
    const written = existsSync(`${out}.partial`) ? statSync(`${out}.partial`).size : 0;
    if (written >= killAt) child.kill('SIGKILL');
    if (Date.now() - measured > 250) {
      measured = Date.now();
      const { own, all } = resident(child.pid);
      Object.assign(peak, { own: Math.max(peak.own, own), all: Math.max(peak.all, all) });
    }
    await Promise.race([closed, wait(5)]);
  }
  const [code, signal] = await closed;
  if (!signal && code !== 0) throw new Error(`tgan dataset prepare failed: ${said}`);
  return { ended: signal ?? code, peak };
}

async function sha256(path) {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(path)) hash.update(piece);
  return hash.digest('hex');
}

const root = join(folder, 'set');
const set = makeSet(root, Number(options.gigabytes) * 2 ** 30);
say(`${set.videos} videos, ${(set.bytes / 2 ** 30).toFixed(2)} GB`);

const [whole, killed] = [join(folder, 'whole.tgan'), join(folder, 'killed.tgan')];
const started = performance.now();
const { peak } = await prepare(root, whole);
const seconds = (performance.now() - started) / 1e3;
const { size } = statSync(whole);
say(`in one go: ${seconds.toFixed(0)} s, ${(size / 2 ** 30).toFixed(2)} GB`);
say(`peak memory: Node ${peak.own.toFixed(0)} MB, with ffmpeg ${peak.all.toFixed(0)} MB`);
const expected = await sha256(whole);
rmSync(whole);

const moments = Array.from({ length: kills }, () => random.number(0, size)).sort((a, b) => a - b);
let times = 0;
for (const moment of moments) {
  const { ended } = await prepare(root, killed, moment);
  if (ended === 'SIGKILL') times++;
  say(`killed at ${((100 * moment) / size).toFixed(1)} %: ${ended}`);
}
await prepare(root, killed);
const equal = (await sha256(killed)) === expected;
say(`after ${times} kills the files are ${equal ? 'equal' : 'DIFFERENT'}`);
const result = { ...set, seconds, packed: size, peak, kills: times, equal };
if (options.json) console.log(JSON.stringify(result));
process.exitCode = equal && times === kills ? 0 : 1;
