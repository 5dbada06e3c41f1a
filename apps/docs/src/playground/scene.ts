/** Videos of a seed that are shown at once. */
export const videos = 16;

/** How often the frames of a video can be multiplied. */
export const factors = [1, 2, 4, 8];

/** Seconds of film in a second. */
export const speeds = [0.25, 0.5, 1, 2, 4];

/** All that says what is to be seen: the address of the page has it. */
export interface Scene {
  /** One of the site's models; undefined for the first of them, or for the reader's own. */
  readonly model?: string;
  readonly seed: number;
  /** Of all videos of a conditional model; undefined shows each label in turn. */
  readonly label?: number;
  readonly truncation: number;
  /** How far along each of the model's directions; 0 for those that are missing. */
  readonly moves: readonly number[];
  readonly picked: number;
  /** The video that the transition begins with; it ends with the picked one. */
  readonly from: number;
  readonly factor: number;
  readonly speed: number;
}

/** What is seen first. */
export const firstScene: Scene = {
  seed: 1,
  truncation: 1,
  moves: [],
  picked: 0,
  from: 1,
  factor: 1,
  speed: 1,
};

/** A scene as the address of the page has it after `#`; empty for the first. */
export function formatScene(scene: Scene): string {
  const fields = new URLSearchParams();
  for (const [key, value] of Object.entries(scene)) {
    const text = String(value);
    const first = String(firstScene[key as keyof Scene] ?? '');
    if (value !== undefined && text !== first) fields.set(key, text);
  }
  if (scene.moves.every((move) => move === 0)) fields.delete('moves');
  return fields.toString().replaceAll('%2C', ',');
}

/** The scene of an address, without what cannot be: links are written by hand too. */
export function parseScene(hash: string): Scene {
  const fields = new URLSearchParams(hash);
  const number = (key: keyof Scene, allowed: (value: number) => boolean) => {
    const value = Number(fields.get(key) ?? NaN);
    return allowed(value) ? { [key]: value } : {};
  };
  const isVideo = (value: number) => Number.isInteger(value) && value >= 0 && value < videos;
  const moves = (fields.get('moves') ?? '').split(',').map(Number);
  const model = fields.get('model');
  return {
    ...firstScene,
    ...(model && { model }),
    ...number('seed', Number.isSafeInteger),
    ...number('label', (value) => Number.isInteger(value) && value >= 0),
    ...number('truncation', (value) => value >= 0 && value <= 1),
    ...(fields.has('moves') && moves.every(Number.isFinite) && { moves }),
    ...number('picked', isVideo),
    ...number('from', isVideo),
    ...number('factor', (value) => factors.includes(value)),
    ...number('speed', (value) => speeds.includes(value)),
  };
}
