/** A place, in the units of the SVG it is in. */
export type Place = readonly [x: number, y: number];

/** Follows a pointer that was pressed on something, until it is let go. */
export function drag(event: PointerEvent, moveTo: (place: Place) => void): void {
  const target = event.currentTarget as SVGGraphicsElement;
  const svg = target.ownerSVGElement ?? (target as SVGSVGElement);
  const placeOf = ({ clientX, clientY }: PointerEvent): Place => {
    const inverse = svg.getScreenCTM()!.inverse();
    const { x, y } = new DOMPoint(clientX, clientY).matrixTransform(inverse);
    return [x, y];
  };
  const follow = (moved: PointerEvent) => moveTo(placeOf(moved));
  const stop = () => target.removeEventListener('pointermove', follow);
  target.setPointerCapture(event.pointerId);
  target.addEventListener('pointermove', follow);
  target.addEventListener('pointerup', stop, { once: true });
  target.addEventListener('pointercancel', stop, { once: true });
  event.preventDefault();
  follow(event);
}

const arrows: Record<string, Place> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** Moves by arrow keys: a unit, or ten with Shift. */
export function nudge(event: KeyboardEvent, moveBy: (way: Place) => void): void {
  const arrow = arrows[event.key];
  if (!arrow) return;
  event.preventDefault();
  const far = event.shiftKey ? 10 : 1;
  moveBy([far * arrow[0], far * arrow[1]]);
}

/** The nearest value in a range. */
export const clamp = (value: number, least: number, most: number): number =>
  Math.min(most, Math.max(least, value));
