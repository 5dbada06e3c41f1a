/**
 * Names of a network's weights that are the same in another process.
 *
 * TensorFlow.js numbers layers without a name over the whole process: `conv2d_Conv2D7`, and
 * `sequential3` for a nested model. Here they are numbered from 1 within the network, by class and
 * in the order in which they were made. Names that a user gave stay.
 *
 * @param names - such as `conv2d_Conv2D7/kernel`: all weights of one network.
 * @returns one for each, such as `conv2d_Conv2D1/kernel`.
 */
export function portableNames(names: readonly string[]): string[] {
  const numbers = new Map<string, Set<number>>();
  const parts = names.map((name) => name.split('/').map(numberedPart));
  for (const part of parts.flat()) {
    if (part.number === undefined) continue;
    numbers.set(part.stem, (numbers.get(part.stem) ?? new Set()).add(part.number));
  }
  const ranks = new Map(
    [...numbers].map(([stem, found]) => [stem, [...found].sort((a, b) => a - b)]),
  );
  const rename = ({ stem, number }: Part) =>
    number === undefined ? stem : `${stem}${ranks.get(stem)!.indexOf(number) + 1}`;
  return parts.map((path) => path.map(rename).join('/'));
}

/** A part of a name, and its number if TensorFlow.js gave it one. */
interface Part {
  readonly stem: string;
  readonly number?: number;
}

function numberedPart(part: string): Part {
  // The class in snake case, the class itself, the number. A class may end with a digit.
  const [, snake, rest] = /^((?:[a-z0-9]+_)+)([A-Z]\w*)$/.exec(part) ?? [];
  if (rest === undefined) {
    const [, model, number] = /^(sequential|model)(\d+)$/.exec(part) ?? [];
    return model === undefined ? { stem: part } : { stem: model, number: Number(number) };
  }
  const plain = snake.replaceAll('_', '');
  const digits = rest.slice(plain.length);
  if (rest.slice(0, plain.length).toLowerCase() !== plain || !/^\d+$/.test(digits)) {
    return { stem: part };
  }
  return { stem: part.slice(0, -digits.length), number: Number(digits) };
}
