// Makes the files that the texts take for granted.
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { formatNpz, parseNpz } from '@tgan/core';
import h5wasm from 'h5wasm/node';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Runs `tgan` in the folder. What it prints is shown only if it fails. */
export function tgan(folder, args) {
  const command = [join(root, 'tools/texts/tgan.mjs'), ...args.split(' ')];
  const { status, stdout, stderr } = spawnSync(process.execPath, command, {
    cwd: folder,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${stdout}${stderr}`);
}

/** Copies a file or a folder of the repository to the same place in the folder. */
export function copy(folder, path) {
  cpSync(join(root, path), join(folder, path), { recursive: true });
}

export function write(folder, path, content) {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), content);
}

/** Videos of 17 frames, 96x64; `still` ones show one picture. */
export function videos(folder, paths, { still = false } = {}) {
  const picture = `testsrc2=size=96x64:rate=25${still ? ',loop=16:1:0' : ''}`;
  for (const path of paths) draw(folder, path, picture, 17, ['-c:v', 'mpeg4']);
}

/** Draws frames of one of ffmpeg's test pictures. */
function draw(folder, path, picture, frames, output = []) {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  const input = ['-f', 'lavfi', '-i', picture, '-frames:v', String(frames)];
  const file = [...output, '-q:v', '2', join(folder, path)];
  execFileSync('ffmpeg', ['-v', 'error', ...input, ...file]);
}

/** Two videos in a folder of the name. */
export const someVideos = (folder, name) => videos(folder, [`${name}/one.mp4`, `${name}/two.mp4`]);

/** UCF-101 as the original code prepares it, and the table of its videos. */
export async function ucf101Hdf5(folder) {
  await h5wasm.ready;
  const file = new h5wasm.File(join(folder, 'ucf101_train.h5'), 'w');
  const shape = [36, 3, 64, 85];
  const data = new Uint8Array(36 * 3 * 64 * 85).map((_, i) => i);
  file.create_dataset({ name: 'image', data, shape });
  file.close();
  const rows = ['0,Biking,1,2,0,20', '1,Archery,25,7,20,36'];
  write(folder, 'train.csv', [',category,group,scene,start,end', ...rows, ''].join('\n'));
}

/** Golf: two strips of 17 frames, and their list. */
export function golf(folder) {
  const names = ['a.jpg', 'b.jpg'];
  for (const name of names) draw(folder, `strips/${name}`, `testsrc2=size=128x${128 * 17}`, 1);
  write(folder, 'golf.txt', names.map((name) => `${name}\n`).join(''));
}

/** Snapshots of the original code, out of those that the tests compare with. */
export function snapshots(folder, files) {
  const all = parseNpz(readFileSync(join(root, 'libs/tensor-fixtures/data/tgan-mini.npz')));
  for (const [file, network] of Object.entries(files)) {
    const prefix = `final/${network}/`;
    const weights = [...all].filter(([name]) => name.startsWith(prefix));
    const entries = weights.map(([name, array]) => [name.slice(prefix.length), array]);
    write(folder, file, formatNpz(/** @type {any} */ (entries)));
  }
}
