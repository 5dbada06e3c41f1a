/**
 * An animated WebP, which repeats forever, of frames that a browser wrote as single ones: canvases
 * write no animations.
 *
 * @param frames - WebP files of one size.
 * @param delays - how long each stays, in milliseconds.
 */
export function animatedWebp(
  frames: readonly Uint8Array[],
  { width, height }: { readonly width: number; readonly height: number },
  delays: readonly number[],
): Uint8Array<ArrayBuffer> {
  const size = [...uint24(width - 1), ...uint24(height - 1)];
  // Each frame replaces what is below it.
  const doNotBlend = 2;
  const pictures = frames.map((frame, i) =>
    chunk('ANMF', [0, 0, 0, 0, 0, 0], size, uint24(delays[i]), [doNotBlend], pictureChunks(frame)),
  );
  const animation = 2;
  const alpha = frames.some(hasAlpha) ? 16 : 0;
  const black = [0, 0, 0, 255];
  const forever = [0, 0];
  return chunk(
    'RIFF',
    letters('WEBP'),
    chunk('VP8X', [animation | alpha, 0, 0, 0], size),
    chunk('ANIM', black, forever),
    ...pictures,
  );
}

/** The chunks of a file that an animation keeps. */
function pictureChunks(file: Uint8Array): Uint8Array {
  const kept: Uint8Array[] = [];
  for (let at = 12; at + 8 <= file.length;) {
    const size = new DataView(file.buffer, file.byteOffset + at).getUint32(4, true);
    const end = at + 8 + size + (size % 2);
    if (['ALPH', 'VP8 ', 'VP8L'].includes(typeAt(file, at))) kept.push(file.subarray(at, end));
    at = end;
  }
  return joined(kept);
}

/** A lossless picture has a bit for that; of others only extended files have alpha. */
const hasAlpha = (file: Uint8Array): boolean =>
  typeAt(file, 12) === 'VP8L' ? (file[24] & 16) !== 0 : typeAt(file, 12) === 'VP8X';

const typeAt = (file: Uint8Array, at: number): string =>
  String.fromCharCode(...file.subarray(at, at + 4));

const letters = (text: string): number[] => Array.from(text, (letter) => letter.charCodeAt(0));

const uint24 = (value: number): number[] => [value & 255, (value >> 8) & 255, (value >> 16) & 255];
const uint32 = (value: number): number[] => [...uint24(value), value >>> 24];

function chunk(type: string, ...parts: ArrayLike<number>[]): Uint8Array<ArrayBuffer> {
  const body = joined(parts);
  return joined([letters(type), uint32(body.length), body, body.length % 2 ? [0] : []]);
}

function joined(parts: readonly ArrayLike<number>[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
