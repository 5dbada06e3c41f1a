import { scaleLinear, scaleLog, type ScaleContinuousNumeric } from 'd3-scale';

/** A place on an axis that is named. */
export interface Tick {
  readonly at: number;
  readonly label: string;
}

/** An axis: where values lie, in pixels. */
export interface Axis {
  readonly place: (value: number) => number;
  readonly ticks: readonly Tick[];
}

type Range = readonly [number, number];

/** An axis with equal steps. */
export function linearAxis(domain: Range, pixels: Range, count: number, nice = true): Axis {
  const scale = scaleLinear(domain, pixels);
  return axis(nice ? scale.nice(count) : scale, scale.ticks(count));
}

/** An axis with equal factors, for a domain above 0. */
export function logAxis(domain: Range, pixels: Range, count: number): Axis {
  const scale = scaleLog(domain, pixels).nice();
  const [low, high] = scale.domain().map(Math.log10);
  const decades = high - low;
  // d3 gives all of 1, 2, ... 9 times each power of ten over few decades, which is too many to read.
  const leading = decades <= 1 ? [1, 2, 3, 5] : decades <= 2 ? [1, 3] : [1];
  const every = Math.max(1, Math.ceil(decades / count));
  const ticks: number[] = [];
  for (let power = Math.round(low); power <= Math.round(high); power += every) {
    for (const digit of leading) ticks.push(Number(`${digit}e${power}`));
  }
  const inside = ticks.filter((tick) => tick <= scale.domain()[1] * (1 + 1e-9));
  return axis(scale, inside);
}

function axis(scale: ScaleContinuousNumeric<number, number>, ticks: readonly number[]): Axis {
  return {
    place: (value) => scale(value),
    ticks: ticks.map((value) => ({ at: scale(value), label: label(value) })),
  };
}

/** A number as short as it can be read: 0.25, 20k, 1e-6. */
export function label(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e6 || (size < 1e-3 && size > 0)) {
    return value.toExponential(2).replace(/\.?0*e\+?/, 'e');
  }
  if (size >= 1e4) return `${Number((value / 1000).toPrecision(6))}k`;
  return String(Number(value.toPrecision(6)));
}
