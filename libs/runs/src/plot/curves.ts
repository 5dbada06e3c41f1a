import { line } from 'd3-shape';
import { linearAxis, logAxis, type Tick } from './axes.js';
import { extent, type Points } from './points.js';

/** A curve. */
export interface Curve {
  readonly name: string;
  readonly points: Points;
  /** Drawn faintly behind, such as the points before they were smoothed. */
  readonly behind?: Points;
  /** Which of the colors. */
  readonly color: number;
  readonly dashed?: boolean;
}

/** Curves that share axes. */
export interface Panel {
  readonly title: string;
  readonly curves: readonly Curve[];
  /** Smaller below the title; it may be broken into lines at semicolons. */
  readonly note?: string;
  /** What the y axis covers. Curves are cut off beyond. */
  readonly range: readonly [low: number, high: number];
  /**
   * The size that equal factors of the y axis begin at, a power of ten; without it the axis has
   * equal steps.
   */
  readonly logFrom?: number;
  /** A y that is marked, such as a bound. */
  readonly mark?: number;
  /** What the colors mean, where it is not the name of each curve. */
  readonly legend?: readonly Pick<Curve, 'name' | 'color'>[];
}

/** Told apart by people who do not see all colors (Okabe and Ito, without yellow). */
export const colors = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#222222'];

const margin = { left: 64, right: 20, bottom: 58 };
const legendRow = 22;
const noteRow = 18;
const gap = 16;

/** Colors for a dark page; other programs draw the picture as it is. */
const dark = `<style>@media (prefers-color-scheme: dark) {
:where(.curves) .paper { fill: #141417 }
:where(.curves) text { fill: #e3e4e8 }
:where(.curves) text.note { fill: #a9abb5 }
:where(.curves) .grid { stroke: #3a3b42 }
:where(.curves) .curve-0 { stroke: #4aa3df }
:where(.curves) .curve-6 { stroke: #e3e4e8 }
}</style>`;

/**
 * Draws panels of curves as an SVG document.
 *
 * @param beside - how many panels are beside each other. One, so that it can be read on a phone,
 * unless there are more than two.
 *
 * The classes `paper`, `grid`, `curve-0`, `curve-1`, ... let a page that holds the SVG give it
 * other colors.
 */
export function drawCurves(
  title: string,
  panels: readonly Panel[],
  beside = panels.length > 2 ? 2 : 1,
): string {
  const width = 540;
  const rows = panels.map(({ curves, legend = curves }) => legendOf(legend, width).rows);
  const height = 320 + legendRow * Math.max(0, ...rows.map((count) => count - 2));
  const columns = Math.min(beside, Math.max(1, panels.length));
  const head = title ? 48 : gap;
  const steps = extent(panels.flatMap(({ curves }) => curves.flatMap(ends)));
  const total = [columns * width + gap, head + Math.ceil(panels.length / columns) * height];
  const body = panels.map((panel, i) => {
    const [x, y] = [(i % columns) * width, head + Math.floor(i / columns) * height];
    return `<g transform="translate(${x} ${y})">\n${drawPanel(panel, i, steps, width, height)}\n</g>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${total[0]}" height="${total[1]}" viewBox="0 0 ${total[0]} ${total[1]}" class="curves" font-family="Helvetica, Arial, sans-serif" font-size="15" fill="#222">
${dark}
<rect class="paper" width="100%" height="100%" fill="white"/>
${title && `<text x="${gap}" y="30" font-size="19" font-weight="bold">${escape(title)}</text>`}
${body.join('\n')}
</svg>
`;
}

function drawPanel(
  { title, curves, note, range, logFrom, mark, legend: named = curves }: Panel,
  index: number,
  steps: readonly [number, number],
  width: number,
  height: number,
): string {
  const { left } = margin;
  const legend = legendOf(named, width);
  const notes = linesOf(note, (width - 2 * gap) / 7.6);
  const legendTop = 24 + noteRow * notes.length;
  const top = legendTop + legend.rows * legendRow + 12;
  const [right, bottom] = [width - margin.right, height - margin.bottom];
  const x = linearAxis(steps, [left, right], 6, false);
  const vertical = [bottom, top] as const;
  const y = logFrom ? logAxis(range, vertical, logFrom) : linearAxis(range, vertical, 5);
  const path = line<readonly [number, number]>()
    .digits(1)
    .defined(([, value]) => Number.isFinite(value))
    .x((point) => x.place(point[0]))
    .y((point) => y.place(point[1]));
  const draw = (points: Points, { color, dashed }: Curve, style: string) =>
    `<path class="curve-${color % colors.length}" d="${path([...points]) ?? ''}" stroke="${colors[color % colors.length]}"${dashed ? ' stroke-dasharray="5 3"' : ''} ${style}/>`;

  const row = ({ at, label }: Tick) =>
    `<path class="grid" d="M${left},${at.toFixed(1)}H${right}" stroke="#ddd"/>
<text x="${left - 8}" y="${(at + 5).toFixed(1)}" text-anchor="end">${label}</text>`;
  const column = ({ at, label }: Tick) =>
    `<path class="grid" d="M${at.toFixed(1)},${bottom}v5" stroke="#ddd"/>
<text x="${at.toFixed(1)}" y="${bottom + 20}" text-anchor="middle">${label}</text>`;
  const marked =
    mark !== undefined &&
    `<path class="mark" d="M${left},${y.place(mark).toFixed(1)}H${right}" stroke="#888" stroke-dasharray="2 3"/>`;
  return [
    `<text x="${gap}" y="14" font-size="16" font-weight="bold">${escape(title)}</text>`,
    ...notes.map(
      (line, i) =>
        `<text class="note" x="${gap}" y="${33 + noteRow * i}" fill="#666">${escape(line)}</text>`,
    ),
    `<g transform="translate(0 ${legendTop})">${legend.svg}</g>`,
    ...y.ticks.map(row),
    ...x.ticks.map(column),
    `<text class="note" x="${right}" y="${bottom + 40}" text-anchor="end" fill="#666">step</text>`,
    marked,
    `<clipPath id="panel-${index}"><rect x="${left}" y="${top}" width="${right - left}" height="${bottom - top}"/></clipPath>`,
    '<g fill="none" stroke-linejoin="round" stroke-linecap="round">',
    `<g clip-path="url(#panel-${index})">`,
    ...curves.map((curve) => curve.behind && draw(curve.behind, curve, 'stroke-opacity="0.25"')),
    ...curves.map((curve) => draw(curve.points, curve, 'stroke-width="1.5"')),
    '</g></g>',
  ]
    .filter(Boolean)
    .join('\n');
}

/** The legend of a panel of a width. */
const legendOf = (curves: Parameters<typeof drawLegend>[0], width: number) =>
  drawLegend(curves, margin.left, width - margin.right);

/**
 * The names of the curves, in rows. One curve needs no name beside the title unless it has one of
 * its own.
 */
function drawLegend(
  curves: readonly Pick<Curve, 'name' | 'color' | 'dashed'>[],
  left: number,
  right: number,
) {
  if (curves.length === 1 && curves[0].name === '') return { rows: 0, svg: '' };
  let [x, rows] = [left, 1];
  const entries = curves.map(({ name, color, dashed }) => {
    const text = name.length > 40 ? `${name.slice(0, 39)}…` : name;
    const width = 44 + 8 * text.length;
    if (x > left && x + width > right) [x, rows] = [left, rows + 1];
    const at = x;
    x += width;
    const y = (rows - 1) * legendRow + 10;
    const i = color % colors.length;
    return `<path class="curve-${i}" d="M${at},${y}h20" stroke="${colors[i]}" stroke-width="3"${dashed ? ' stroke-dasharray="5 3"' : ''}/>
<text x="${at + 26}" y="${y + 5}">${escape(text)}</text>`;
  });
  return { rows: curves.length === 0 ? 0 : rows, svg: entries.join('\n') };
}

/** A note in lines of so many characters at most, broken at its semicolons alone. */
function linesOf(note: string | undefined, most: number): string[] {
  const lines: string[] = [];
  for (const part of note?.split('; ') ?? []) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + part.length + 2 <= most) {
      lines[lines.length - 1] = `${last}; ${part}`;
    } else lines.push(part);
  }
  return lines;
}

/** The first and the last step of a curve. */
const ends = ({ points }: Curve) =>
  points.length === 0 ? [] : [points[0][0], points[points.length - 1][0]];

const escape = (text: string) =>
  text
    // Characters that XML has no way to write.
    .replaceAll(/[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
