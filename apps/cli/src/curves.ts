import { scaleLinear } from 'd3-scale';
import { line } from 'd3-shape';

/** One curve: a name and its points. */
export interface Curve {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

/** Curves that share axes. */
export interface Panel {
  readonly title: string;
  readonly curves: readonly Curve[];
}

const size = { width: 720, height: 260, left: 64, right: 150, top: 36, bottom: 36 };
/** Told apart by people who do not see all colours (Okabe and Ito). */
const colours = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#000000'];

/** Draws panels of curves, one above the other, as an SVG document. Points that are no numbers leave gaps. */
export function drawCurves(title: string, panels: readonly Panel[]): string {
  const height = 40 + panels.length * size.height;
  const body = panels.map((panel, i) => drawPanel(panel, 40 + i * size.height)).join('\n');
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${size.width}" height="${height}" font-family="sans-serif" font-size="12">
<rect width="100%" height="100%" fill="white"/>
<text x="${size.left}" y="26" font-size="16" font-weight="bold">${escape(title)}</text>
${body}
</svg>
`;
}

function drawPanel({ title, curves }: Panel, offset: number): string {
  const points = curves.flatMap((curve) => curve.points).filter(([, y]) => Number.isFinite(y));
  const [right, bottom] = [size.width - size.right, size.height - size.bottom];
  const x = scaleLinear(extent(points.map((p) => p[0])), [size.left, right]);
  const y = scaleLinear(extent(points.map((p) => p[1])), [bottom, size.top]).nice();
  const path = line<readonly [number, number]>()
    .defined(([, value]) => Number.isFinite(value))
    .x((p) => x(p[0]))
    .y((p) => y(p[1]));

  const rows = y.ticks(5).map(
    (tick) =>
      `<line x1="${size.left}" x2="${right}" y1="${y(tick)}" y2="${y(tick)}" stroke="#ddd"/>
<text x="${size.left - 8}" y="${y(tick) + 4}" text-anchor="end">${y.tickFormat(5)(tick)}</text>`,
  );
  const columns = x
    .ticks(6)
    .map(
      (tick) =>
        `<text x="${x(tick)}" y="${bottom + 18}" text-anchor="middle">${x.tickFormat(6)(tick)}</text>`,
    );
  const lines = curves.map((curve, i) => {
    const colour = colours[i % colours.length];
    return `<path d="${path([...curve.points]) ?? ''}" fill="none" stroke="${colour}" stroke-width="1.5"/>
<text x="${right + 12}" y="${size.top + 12 + 18 * i}" fill="${colour}">${escape(curve.name)}</text>`;
  });
  return `<g transform="translate(0 ${offset})">
<text x="${size.left}" y="22" font-weight="bold">${escape(title)}</text>
${[...rows, ...columns, ...lines].join('\n')}
</g>`;
}

function extent(values: readonly number[]): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (low > high) return [0, 1];
  return low === high ? [low - 1, high + 1] : [low, high];
}

const escape = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
