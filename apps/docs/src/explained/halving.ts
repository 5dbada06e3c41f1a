/** What a layer of the paper's critic leaves of a clip; layer 0 is the clip. */
export interface Layer {
  /** Moments. */
  readonly time: number;
  /** Height and width. */
  readonly side: number;
  readonly maps: number;
}

/** Indices from the first to the last. */
export type Range = readonly [first: number, last: number];

/** What a number has looked at in one of the layers below it. */
export interface Window {
  readonly time: Range;
  readonly side: Range;
}

/** The clip, and four layers that halve time and space. The score sees all of the last one. */
export const layers: readonly Layer[] = [3, 64, 128, 256, 512].map((maps, i) => ({
  time: 16 >> i,
  side: 64 >> i,
  maps,
}));

const kernel = 4;
const stride = 2;
const padding = 1;

/** How many there are. */
export const lengthOf = ([first, last]: Range): number => last - first + 1;

/** What some numbers of a layer see of the one below, which is so long. */
const below = ([first, last]: Range, length: number): Range => [
  Math.max(0, first * stride - padding),
  Math.min(length - 1, last * stride - padding + kernel - 1),
];

/**
 * What a number in the middle of a layer has looked at, in its layer and all below. One more layer
 * than there is stands for the score.
 */
export function windowsOf(layer: number, moment: number): Window[] {
  const top = Math.min(layer, layers.length - 1);
  const middle = Math.floor(layers[top].side / 2);
  let window: Window =
    layer === layers.length
      ? { time: [0, layers[top].time - 1], side: [0, layers[top].side - 1] }
      : { time: [moment, moment], side: [middle, middle] };
  const windows: Window[] = [];
  for (let i = top; i >= 0; i--) {
    windows[i] = window;
    if (i === 0) break;
    const { time, side } = layers[i - 1];
    window = { time: below(window.time, time), side: below(window.side, side) };
  }
  return windows;
}
