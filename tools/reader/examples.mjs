// What the reader of Moving MNIST learns from: canvases with digits, and canvases with what only
// looks like one. Everything is drawn from one Random, so the same seed gives the same examples.

const size = 28;

/** Standard normal. */
function normal(random) {
  const u = 1 - random.number();
  return Math.sqrt(-2 * Math.log(u)) * Math.cos(2 * Math.PI * random.number());
}

const chance = (random, part) => random.number() < part;

/** A smooth field of values around 0: noise on a coarse grid, interpolated. `[side, side]` */
function smoothField(random, side, grid) {
  const n = grid + 1;
  const knots = Float32Array.from({ length: n * n }, () => normal(random));
  const field = new Float32Array(side * side);
  for (let y = 0; y < side; y++) {
    const v = (y / side) * grid;
    const j = Math.floor(v);
    for (let x = 0; x < side; x++) {
      const u = (x / side) * grid;
      const i = Math.floor(u);
      const at = j * n + i;
      const top = knots[at] + (knots[at + 1] - knots[at]) * (u - i);
      const low = knots[at + n] + (knots[at + n + 1] - knots[at + n]) * (u - i);
      field[y * side + x] = top + (low - top) * (v - j);
    }
  }
  return field;
}

/**
 * One digit of MNIST in [0, 1], slightly turned, scaled, slanted and bent, as a generator's digits
 * are.
 */
function digitImage(random, { pixels }, index, bend = 1) {
  const angle = normal(random) * 0.1 * bend;
  const scale = Math.exp(normal(random) * 0.06 * bend);
  const slant = normal(random) * 0.1 * bend;
  const [cos, sin] = [Math.cos(angle) / scale, Math.sin(angle) / scale];
  const elastic = chance(random, 0.4) ? 0.8 * bend : 0;
  const [fx, fy] = elastic ? [0, 0].map(() => smoothField(random, size, 4)) : [];
  const from = index * size * size;
  const image = new Float32Array(size * size);
  const c = (size - 1) / 2;
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const [dx, dy] = [x - c, y - c];
      let u = cos * dx + sin * dy + slant * dy + c;
      let v = -sin * dx + cos * dy + c;
      if (elastic) {
        u += elastic * fx[y * size + x];
        v += elastic * fy[y * size + x];
      }
      const i = Math.floor(u);
      const j = Math.floor(v);
      if (i < 0 || j < 0 || i >= size - 1 || j >= size - 1) continue;
      const at = from + j * size + i;
      const top = pixels[at] + (pixels[at + 1] - pixels[at]) * (u - i);
      const low = pixels[at + size] + (pixels[at + size + 1] - pixels[at + size]) * (u - i);
      image[y * size + x] = (top + (low - top) * (v - j)) / 255;
    }
  }
  return image;
}

const sum = (image) => image.reduce((total, x) => total + x, 0);

/** Gaussian blur of a square image, edges dark. */
export function blur(image, side, sigma) {
  const radius = Math.ceil(2.5 * sigma);
  const kernel = Array.from({ length: 2 * radius + 1 }, (_, i) =>
    Math.exp(-((i - radius) ** 2) / (2 * sigma * sigma)),
  );
  const total = kernel.reduce((a, b) => a + b);
  const pass = (from, step, across) => {
    const to = new Float32Array(from.length);
    for (let line = 0; line < side; line++) {
      for (let i = 0; i < side; i++) {
        let value = 0;
        const first = Math.max(-radius, -i);
        const last = Math.min(radius, side - 1 - i);
        for (let k = first; k <= last; k++)
          value += kernel[k + radius] * from[line * across + (i + k) * step];
        to[line * across + i * step] = value / total;
      }
    }
    return to;
  };
  return pass(pass(image, 1, side), side, 1);
}

/** Puts a patch into a canvas; the brighter pixel stays. */
function paste(canvas, side, patch, top, left) {
  for (let y = 0; y < size; y++) {
    const row = top + y;
    if (row < 0 || row >= side) continue;
    for (let x = 0; x < size; x++) {
      const column = left + x;
      if (column < 0 || column >= side) continue;
      const at = row * side + column;
      canvas[at] = Math.max(canvas[at], patch[y * size + x]);
    }
  }
}

/** Bent lines of a pen, within a square of `extent` around a point. */
function strokes(random, canvas, side, count, extent) {
  const [cy, cx] = [0, 0].map(() => random.number(side * 0.3, side * 0.7));
  for (let s = 0; s < count; s++) {
    const width = random.number(0.7, 2.2);
    const bright = random.number(0.5, 1);
    let y = cy + random.number(-0.5, 0.5) * extent;
    let x = cx + random.number(-0.5, 0.5) * extent;
    let angle = random.number(0, 2 * Math.PI);
    let turn = normal(random) * 0.15;
    const length = random.number(3, extent * 1.5);
    for (let at = 0; at < length; at++) {
      turn += normal(random) * 0.12;
      angle += turn;
      y += Math.sin(angle);
      x += Math.cos(angle);
      for (let j = Math.ceil(y - width - 1); j <= y + width + 1; j++) {
        for (let i = Math.ceil(x - width - 1); i <= x + width + 1; i++) {
          if (i < 0 || j < 0 || i >= side || j >= side) continue;
          const ink = bright * Math.min(1, Math.max(0, width + 0.5 - Math.hypot(i - x, j - y)));
          canvas[j * side + i] = Math.max(canvas[j * side + i], ink);
        }
      }
    }
  }
}

/** What is left of a digit after a part of it is gone, and how much of its ink that is. */
function damaged(random, image) {
  const field = smoothField(random, size, 1 + random.integer(4));
  const kind = random.integer(3);
  const angle = random.number(0, 2 * Math.PI);
  const edge = normal(random) * 3;
  const [cy, cx, r] = [random.number(6, 22), random.number(6, 22), random.number(4, 10)];
  const left = image.map((ink, at) => {
    const y = Math.floor(at / size);
    const x = at % size;
    if (kind === 0) {
      const beyond = (x - 13.5) * Math.cos(angle) + (y - 13.5) * Math.sin(angle) - edge;
      return beyond > 0 ? 0 : ink;
    }
    if (kind === 1) return Math.hypot(y - cy, x - cx) < r ? 0 : ink;
    return ink * Math.min(1, Math.max(0, 0.5 + 1.5 * field[at]));
  });
  return { left, part: sum(left) / sum(image) };
}

/** A square image in blocks, in another order. */
function shuffledBlocks(random, image, across) {
  const block = size / across;
  const order = random.permutation(across * across);
  return image.map((_, at) => {
    const [y, x] = [Math.floor(at / size), at % size];
    const from = order[Math.floor(y / block) * across + Math.floor(x / block)];
    const [j, i] = [Math.floor(from / across), from % across];
    return image[(j * block + (y % block)) * size + i * block + (x % block)];
  });
}

export class Examples {
  /**
   * @param digits - `{ count, pixels, labels }`, 28x28.
   * @param random - where everything is drawn from.
   */
  constructor(digits, random) {
    this.digits = digits;
    this.random = random;
  }

  /** An index of a digit that shows a number other than `not`. */
  index(not = -1) {
    for (;;) {
      const index = this.random.integer(this.digits.count);
      if (this.digits.labels[index] !== not) return index;
    }
  }

  place(side) {
    // Up to two pixels beyond the edges, as a generator's digits sometimes are.
    return [0, 0].map(() => this.random.integer(side - size + 5) - 2);
  }

  /**
   * `{ canvas, digits: [{ label, y, x }] }`: the centers of the digits that a person would read.
   */
  draw(side) {
    const { random } = this;
    const canvas = new Float32Array(side * side);
    const kind = random.number();
    if (kind < 0.6) return this.finish(canvas, side, this.one(canvas, side));
    if (kind < 0.8 && side >= 40) return this.finish(canvas, side, this.two(canvas, side));
    this.garbage(canvas, side);
    return this.finish(canvas, side, []);
  }

  one(canvas, side) {
    const { random } = this;
    const index = this.index();
    const plain = chance(random, 0.5);
    let image = digitImage(random, this.digits, index, plain ? 0.3 : 1);
    if (!plain && chance(random, 0.3)) {
      const { left, part } = damaged(random, image);
      if (part > 0.92) image = left;
    }
    if (!plain && chance(random, 0.3)) image = blur(image, size, random.number(0.4, 1));
    const [top, left] = this.place(side);
    paste(canvas, side, image, top, left);
    return [{ label: this.digits.labels[index], y: top + 13.5, x: left + 13.5 }];
  }

  two(canvas, side) {
    for (;;) {
      const places = [this.place(side), this.place(side)];
      const apart = Math.hypot(places[0][0] - places[1][0], places[0][1] - places[1][1]);
      if (apart < 8) continue;
      return places.map(([top, left]) => {
        const index = this.index();
        paste(canvas, side, digitImage(this.random, this.digits, index, 0.5), top, left);
        return { label: this.digits.labels[index], y: top + 13.5, x: left + 13.5 };
      });
    }
  }

  garbage(canvas, side) {
    const { random } = this;
    const put = (image) => paste(canvas, side, image, ...this.place(side));
    const kind = random.integer(9);
    if (kind === 0) {
      if (chance(random, 0.3)) return; // an empty canvas
      const field = smoothField(random, side, 2 + random.integer(side / 2));
      const [gain, level] = [random.number(0.2, 1.5), random.number(-0.7, 0.5)];
      field.forEach((value, at) => (canvas[at] = Math.max(0, gain * value + level)));
    } else if (kind <= 2) {
      const extent = random.number(8, 26);
      strokes(random, canvas, side, 2 + random.integer(5), extent);
    } else if (kind === 3) {
      const count = 1 + random.integer(5);
      for (let b = 0; b < count; b++) strokes(random, canvas, side, 1 + random.integer(3), 6);
    } else if (kind === 4) {
      // Two unlike digits over one another.
      const first = this.index();
      const a = digitImage(random, this.digits, first);
      const b = digitImage(random, this.digits, this.index(this.digits.labels[first]));
      const mean = chance(random, 0.5);
      const t = random.number(0.42, 0.58);
      put(a.map((ink, at) => (mean ? t * ink + (1 - t) * b[at] : Math.max(ink, b[at]))));
    } else if (kind === 5) {
      // A part of one digit, and the rest of another one.
      for (;;) {
        const first = this.index();
        const a = digitImage(random, this.digits, first);
        const b = digitImage(random, this.digits, this.index(this.digits.labels[first]));
        const field = smoothField(random, size, 1 + random.integer(3));
        const mask = field.map((x) => Math.min(1, Math.max(0, 0.5 + 3 * x)));
        const ofA = sum(a.map((ink, at) => ink * mask[at])) / sum(a);
        const ofB = sum(b.map((ink, at) => ink * (1 - mask[at]))) / sum(b);
        if (ofA > 0.62 || ofB > 0.62) continue;
        put(a.map((ink, at) => ink * mask[at] + b[at] * (1 - mask[at])));
        break;
      }
    } else if (kind === 6) {
      for (;;) {
        // A part of a 1 is a 1.
        const { left, part } = damaged(random, digitImage(random, this.digits, this.index(1)));
        if (part > 0.55) continue;
        put(left);
        break;
      }
    } else if (kind === 7) {
      const image = digitImage(random, this.digits, this.index(1));
      if (chance(random, 0.5)) put(shuffledBlocks(random, image, chance(random, 0.5) ? 2 : 4));
      else put(blur(image, size, random.number(2.5, 5)).map((ink) => Math.min(1, 1.6 * ink)));
    } else {
      // A digit bent until nobody knows it, and one that is torn apart by noise.
      const image = digitImage(random, this.digits, this.index(1));
      const field = smoothField(random, size, 7);
      const torn = image.map((ink, at) => Math.max(0, ink * (field[at] > 0.1 ? 1 : 0)));
      put(blur(torn, size, random.number(0.4, 0.9)));
    }
    if (chance(random, 0.15)) strokes(random, canvas, side, 1, 8);
  }

  /**
   * What a screen, a codec or a generator adds: another gain and level, noise, a pattern, a little
   * dirt.
   */
  finish(canvas, side, digits) {
    const { random } = this;
    if (digits.length > 0 && chance(random, 0.08)) {
      const dirt = new Float32Array(side * side);
      strokes(random, dirt, side, 1, 4);
      const gain = random.number(0.2, 0.6);
      dirt.forEach((ink, at) => (canvas[at] = Math.max(canvas[at], gain * ink)));
    }
    const gain = chance(random, 0.5) ? 1 : random.number(0.55, 1.3);
    const level = chance(random, 0.6) ? 0 : random.number(0, 0.2);
    const noise = chance(random, 0.5) ? 0 : random.number(0, 0.12);
    const pattern = chance(random, 0.8) ? 0 : random.number(0, 0.15);
    const period = 2 + 2 * random.integer(2);
    for (let at = 0; at < canvas.length; at++) {
      const [y, x] = [Math.floor(at / side), at % side];
      const checker = y % period < period / 2 === x % period < period / 2 ? 1 : -1;
      let value = gain * canvas[at] * (1 + pattern * checker);
      value += level * (1 - value);
      if (noise) value += noise * normal(random);
      canvas[at] = Math.min(1, Math.max(0, value));
    }
    return { canvas, digits };
  }
}

/**
 * What the network should answer: how much of each digit's center lies in each cell, and the rest
 * as class 10. `[cells, cells, 11]`
 */
export function targetOf(digits, side, cellSize) {
  const cells = side / cellSize;
  const target = new Float32Array(cells * cells * 11);
  for (const { label, y, x } of digits) {
    const [v, u] = [y, x].map((at) => (at - (cellSize - 1) / 2) / cellSize);
    for (const j of [Math.floor(v), Math.floor(v) + 1]) {
      for (const i of [Math.floor(u), Math.floor(u) + 1]) {
        const weight = (1 - Math.abs(v - j)) * (1 - Math.abs(u - i));
        if (weight > 0 && i >= 0 && j >= 0 && i < cells && j < cells)
          target[(j * cells + i) * 11 + label] += weight;
      }
    }
  }
  for (let cell = 0; cell < cells * cells; cell++) {
    const there = target.subarray(cell * 11, cell * 11 + 10);
    const total = sum(there);
    if (total > 1) there.forEach((part, label) => (there[label] = part / total));
    target[cell * 11 + 10] = Math.max(0, 1 - total);
  }
  return target;
}
