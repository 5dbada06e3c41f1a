// Draws docs/images/scaling.svg, the picture of docs/scaling.md: how many times the clips a second
// of one host several hosts train on, by a model of a step. docs/scaling.md says what it assumes.
//
//   node tools/plot-scaling.mjs [--out docs/images/scaling.svg]
//
// Prints the table of that text.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

const { values: options } = parseArgs({
  options: { out: { type: 'string', default: 'docs/images/scaling.svg' } },
});

/** Of the paper's networks, on a host with the two cores of docs/simd-backend.md. In seconds. */
const step = { fixed: 0.05, perClip: 0.106, clipping: 0.12, clipEvery: 5 };
/** Bytes of float32: the gradients of all networks, and the weights of the critic. */
const bytes = { gradients: 61.926e6, critic: 44.13e6 };
/** The largest layer of the critic takes two thirds of the clipping, so it gains that much. */
const mostClippers = 1.5;
/** Seconds to add and copy a byte, measured in processor time. */
const perByte = 1.5e-9;
/** Messages of a step that wait for one another, and how long each takes to wake threads. */
const messages = { count: 40, wake: 1e-4 };
/** Bytes a second, at four fifths of the line rate, and seconds for a level of a tree of hosts. */
const networks = [
  { name: '10 GbE', rate: (0.8 * 10e9) / 8, latency: 50e-6, color: '#d9772b' },
  { name: '100 GbE', rate: (0.8 * 100e9) / 8, latency: 30e-6, color: '#3b8fc2' },
];
const gray = '#808080';

/** Seconds of a step on so many clips on each host. */
function secondsOfStep(hosts, clips, network) {
  const { fixed, perClip, clipping, clipEvery } = step;
  const compute = fixed + perClip * clips;
  if (hosts === 1) return compute + clipping / clipEvery;
  const { rate, latency } = network;
  const levels = Math.log2(hosts);
  const clip = clipping / Math.min(hosts, mostClippers) + (levels * bytes.critic) / rate;
  const sums = (((2 * (hosts - 1)) / hosts) * bytes.gradients) / rate + perByte * bytes.gradients;
  const waits = messages.count * (messages.wake + levels * latency);
  return compute + clip / clipEvery + sums + waits;
}

/** How many times the clips a second of one host. `clipsOf` tells how many each host has. */
function speedup(hosts, clipsOf, network) {
  const rate = (count) => (count * clipsOf(count)) / secondsOfStep(count, clipsOf(count), network);
  return rate(hosts) / rate(1);
}

const panels = [
  { title: '32 clips on each host', clipsOf: () => 32, hosts: [1, 2, 4, 8, 16, 32, 64] },
  { title: '32 clips in all', clipsOf: (hosts) => 32 / hosts, hosts: [1, 2, 4, 8, 16] },
];

const [left, top, wide, high] = [44, 48, 320, 212];
const bottom = top + high;

/** A curve of values at each number of hosts. Both axes are logarithmic and end with the same. */
function curve(hosts, valueOf, style) {
  const most = Math.log2(hosts.at(-1));
  const points = hosts.map((count) => {
    const x = left + (wide * Math.log2(count)) / most;
    const y = bottom - (high * Math.log2(valueOf(count))) / most;
    return `${x.toFixed(1)},${y.toFixed(1)}`;
  });
  return `<path d="M${points.join('L')}" fill="none" ${style}/>`;
}

const dashed = `stroke="${gray}" stroke-dasharray="4 4"`;
const line = (color) => `stroke="${color}" stroke-width="2.5"`;

function panel({ title, clipsOf, hosts }, at) {
  const ticks = hosts.flatMap((count, i) => {
    const share = i / (hosts.length - 1);
    const y = bottom - high * share;
    return [
      `<path d="M${left},${y.toFixed(1)}H${left + wide}" stroke="${gray}" stroke-opacity="0.3"/>`,
      `<text x="${left - 8}" y="${(y + 4).toFixed(1)}" text-anchor="end">${count}</text>`,
      `<text x="${(left + wide * share).toFixed(1)}" y="${bottom + 18}" text-anchor="middle">${count}</text>`,
    ];
  });
  return [
    `<g transform="translate(${at} 0)">`,
    `<text x="${left}" y="20" font-size="14" font-weight="bold">${title}</text>`,
    `<text x="${left}" y="37">times the clips a second of one host</text>`,
    ...ticks,
    curve(hosts, (count) => count, dashed),
    ...networks.map((network) =>
      curve(hosts, (count) => speedup(count, clipsOf, network), line(network.color)),
    ),
    `<text x="${left + wide / 2}" y="${bottom + 36}" text-anchor="middle">hosts</text>`,
    '</g>',
  ];
}

function legend() {
  const entries = [
    ...networks.map(({ name, color }) => ({ name, style: line(color) })),
    { name: 'ideal', style: dashed },
  ];
  return entries.flatMap(({ name, style }, i) => [
    `<path d="M${60 + 110 * i},316h24" ${style}/>`,
    `<text x="${90 + 110 * i}" y="320">${name}</text>`,
  ]);
}

const picture = [
  `<svg xmlns="http://www.w3.org/2000/svg" width="760" height="332" viewBox="0 0 760 332" font-family="Helvetica, Arial, sans-serif" font-size="12" fill="${gray}">`,
  ...panels.flatMap((one, i) => panel(one, 380 * i)),
  ...legend(),
  '</svg>',
];
writeFileSync(options.out, `${picture.join('\n')}\n`);

const columns = panels.flatMap((one) => networks.map((network) => ({ ...one, network })));
const names = columns.map(({ title, network }) => `${title}, ${network.name}`);
console.log(`| hosts | ${names.join(' | ')} |`);
console.log(`| --- ${'| --- '.repeat(columns.length)}|`);
for (const count of [2, 4, 8, 16, 64]) {
  const cells = columns.map(({ hosts, clipsOf, network }) =>
    hosts.includes(count) ? speedup(count, clipsOf, network).toFixed(1) : '',
  );
  console.log(`| ${[count, ...cells].join(' | ')} |`);
}
