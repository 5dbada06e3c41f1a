/** What TensorBoard is told of a picture. */
export interface PictureHeader {
  /** In pixels. */
  readonly width: number;
  /** In pixels. */
  readonly height: number;
  /** 1 gray, 2 gray with alpha, 3 color, 4 color with alpha. */
  readonly channels: number;
}

const PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
/** Channels of PNG's color types; 3 is a palette of colors. */
const pngChannels: Record<number, number> = { 0: 1, 2: 3, 3: 3, 4: 2, 6: 4 };

/**
 * Reads the size of a PNG or GIF out of its first bytes.
 *
 * @throws TypeError when it is neither.
 */
export function pictureHeader(picture: Uint8Array): PictureHeader {
  const view = new DataView(picture.buffer, picture.byteOffset, picture.byteLength);
  const channels = picture.length >= 26 ? pngChannels[picture[25]] : undefined;
  if (channels && PNG.every((byte, i) => picture[i] === byte)) {
    return { width: view.getUint32(16), height: view.getUint32(20), channels };
  }
  if (picture.length >= 10 && /^GIF8[79]a/.test(Buffer.from(picture.subarray(0, 6)).toString())) {
    return { width: view.getUint16(6, true), height: view.getUint16(8, true), channels: 3 };
  }
  throw new TypeError('an image must be the bytes of a PNG or GIF file');
}
