import type { OnnxGraph } from './onnx-graph.js';

/** The sizes of sprites and of the frames that they are placed on. */
export interface SpriteSizes {
  /** How many there are. */
  readonly sprites: number;
  /** Their height and width. */
  readonly spriteSize: number;
  /** Height and width of a frame. */
  readonly imageSize: number;
  /** Channels of a frame. */
  readonly channels: number;
  /** Frames of a video. */
  readonly frames: number;
  /** Whether sprites stand on whole pixels. */
  readonly wholePixels: boolean;
}

/**
 * Places sprites on frames, as `placeSprites` of @tgan/video-gan.
 *
 * @param pictures - the value with the sprites, [batch, spriteSize, spriteSize, sprites *
 * channels].
 * @param places - the value with their places, [batch, frames, sprites * 2].
 * @returns the value with the frames, [batch, frames, imageSize, imageSize, channels].
 */
export function addSprites(
  graph: OnnxGraph,
  pictures: string,
  places: string,
  { sprites, spriteSize, imageSize, channels, frames, wholePixels }: SpriteSizes,
): string {
  const number = (name: string, value: number) =>
    graph.constant(`sprites/${name}`, [1], Float32Array.of(value));
  const [one, two] = [number('one', 1), number('two', 2)];

  // Light, of which there is none beside a sprite: [batch, 1, sprites, channels, size, size].
  const maps = graph.op('Transpose', 'sprites/maps', [pictures], { perm: [0, 3, 1, 2] });
  const above = graph.op('Add', 'sprites/above', [maps, one]);
  const half = graph.op('Mul', 'sprites/half', [above, number('a-half', 0.5)]);
  const size = [spriteSize, spriteSize];
  const light = graph.reshape('sprites/light', half, [-1, 1, sprites, channels, ...size]);

  const each = graph.reshape('sprites/each', places, [-1, frames, sprites, 2, 1, 1]);
  const moves = graph.op('Mul', 'sprites/moves', [
    each,
    number('unit', (imageSize - spriteSize) / 2),
  ]);
  const round = () => {
    const half = number('half-pixel', ((imageSize - spriteSize) / 2) % 1);
    const rounded = graph.op('Round', 'sprites/rounded', [
      graph.op('Sub', 'sprites/off', [moves, half]),
    ]);
    return graph.op('Add', 'sprites/whole', [rounded, half]);
  };
  const pixels = wholePixels ? round() : moves;
  /** How much of each pixel of a sprite goes to each pixel of a frame, along one axis. */
  const shift = (name: string, axis: number, isTransposed: boolean) => {
    const index = graph.constant(`sprites/${name}-axis`, [1], [axis]);
    const by = graph.op('Gather', `sprites/${name}`, [pixels, index], { axis: 3 });
    const [rows, columns] = isTransposed ? [spriteSize, imageSize] : [imageSize, spriteSize];
    const distance = Float32Array.from({ length: rows * columns }, (_, i) => {
      const [row, column] = [Math.floor(i / columns), i % columns];
      const away = row - (rows - 1) / 2 - (column - (columns - 1) / 2);
      return isTransposed ? -away : away;
    });
    const apart = graph.constant(`sprites/${name}-apart`, [rows, columns], distance);
    const left = graph.op('Sub', `sprites/${name}-left`, [apart, by]);
    const absolute = graph.op('Abs', `sprites/${name}-absolute`, [left]);
    const near = graph.op('Sub', `sprites/${name}-near`, [one, absolute]);
    return graph.op('Relu', `sprites/${name}-share`, [near]);
  };
  const down = graph.op('MatMul', 'sprites/moved-down', [shift('down', 0, false), light]);
  const right = graph.op('MatMul', 'sprites/moved', [down, shift('right', 1, true)]);
  const seen = graph.op('ReduceMax', 'sprites/seen', [right], { axes: [2], keepdims: 0 });
  const last = graph.op('Transpose', 'sprites/last', [seen], { perm: [0, 1, 3, 4, 2] });
  const doubled = graph.op('Mul', 'sprites/doubled', [last, two]);
  return graph.op('Sub', 'sprites/frames', [doubled, one]);
}
