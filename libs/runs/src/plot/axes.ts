import { scaleLinear, scaleSymlog, type ScaleContinuousNumeric } from 'd3-scale';

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

/** Pixels between two ticks of a logarithmic axis at least. */
const TICK_GAP = 24;

/** An axis with equal steps. */
export function linearAxis(domain: Range, pixels: Range, count: number, nice = true): Axis {
  const scale = scaleLinear(domain, pixels);
  return axis(nice ? scale.nice(count) : scale, scale.ticks(count));
}

/**
 * An axis with equal factors on both sides of 0. Around 0 it is linear.
 *
 * @param linearBelow - the size that equal factors begin at: a power of ten.
 */
export function logAxis([low, high]: Range, pixels: Range, linearBelow: number): Axis {
  const scale = scaleSymlog([outward(low, -1), outward(high, 1)], pixels).constant(linearBelow);
  const [from, to] = scale.domain();
  const most = Math.max(Math.abs(from), Math.abs(to));
  const decades = Math.log10(most / linearBelow);
  const digits = decades <= 2 ? [5, 2, 1] : [1];
  const sizes: number[] = [];
  for (let power = Math.round(Math.log10(most)); power >= Math.log10(linearBelow); power--) {
    for (const digit of digits) sizes.push(Number(`${digit}e${power}`));
  }
  // The first come first: 0, then from the outside in.
  const ticks: number[] = [];
  for (const value of [0, ...sizes.flatMap((size) => [size, -size])]) {
    const isClear = (other: number) => Math.abs(scale(value) - scale(other)) >= TICK_GAP;
    if (value >= from && value <= to && ticks.every(isClear)) ticks.push(value);
  }
  return axis(scale, ticks);

  /**
   * The next power of ten away from 0 in the direction of the sign, towards 0 against it; 0 within
   * the linear part.
   */
  function outward(value: number, sign: 1 | -1): number {
    if (value === 0) return 0;
    const grows = Math.sign(value) === sign;
    const size = Math.log10(Math.abs(value));
    const power = grows ? Math.ceil(size - 1e-9) : Math.floor(size + 1e-9);
    if (10 ** power < linearBelow * 0.999) return grows ? Math.sign(value) * linearBelow : 0;
    return Math.sign(value) * Number(`1e${power}`);
  }
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
