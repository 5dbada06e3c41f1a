/** How much a box of depth 1 leans to the right and up. */
const lean = [0.5, 0.35];

/** The three visible sides of a box, as paths of SVG. */
export interface Box {
  readonly front: string;
  readonly top: string;
  readonly side: string;
}

/** A box whose front has its lower left corner at (x, y). */
export function boxOf([x, y]: readonly [number, number], size: number, depth: number): Box {
  const [right, up] = [x + size, y - size];
  const [dx, dy] = [depth * lean[0], -depth * lean[1]];
  return {
    front: `M${x},${y}H${right}V${up}H${x}Z`,
    top: `M${x},${up}l${dx},${dy}h${size}L${right},${up}Z`,
    side: `M${right},${y}l${dx},${dy}v${-size}L${right},${up}Z`,
  };
}
