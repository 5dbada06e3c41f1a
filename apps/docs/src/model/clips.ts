/** Gray videos: [videos, frames, height, width], and their pixels from 0 to 255. */
export interface Clips {
  readonly shape: readonly [videos: number, frames: number, height: number, width: number];
  readonly data: Uint8Array;
}

/** One of some videos. */
export function videoOf({ shape, data }: Clips, video: number): Clips {
  const [, frames, height, width] = shape;
  const size = frames * height * width;
  return {
    shape: [1, frames, height, width],
    data: data.subarray(video * size, (video + 1) * size),
  };
}

/** One frame of one of some videos. */
export function frameOf({ shape, data }: Clips, video: number, frame: number): Clips {
  const [, frames, height, width] = shape;
  const size = height * width;
  const start = (video * frames + frame) * size;
  return { shape: [1, 1, height, width], data: data.subarray(start, start + size) };
}

/** Draws the same frame of all videos side by side, row by row, and gives the canvas its size. */
export function drawClips(
  canvas: HTMLCanvasElement,
  { shape: [videos, frames, height, width], data }: Clips,
  frame: number,
  columns = videos,
): void {
  canvas.width = columns * width;
  canvas.height = Math.ceil(videos / columns) * height;
  const context = canvas.getContext('2d');
  if (!context) return;
  const picture = context.createImageData(width, height);
  for (let video = 0; video < videos; video++) {
    const start = (video * frames + frame) * height * width;
    for (let i = 0; i < height * width; i++) {
      picture.data.fill(data[start + i], 4 * i, 4 * i + 3);
      picture.data[4 * i + 3] = 255;
    }
    context.putImageData(picture, (video % columns) * width, Math.floor(video / columns) * height);
  }
}

/** Reads videos of square frames from a picture that has one video a row. */
export async function readClips(url: string, frames: number): Promise<Clips> {
  const picture = await createImageBitmap(await (await fetch(url)).blob());
  const context = new OffscreenCanvas(picture.width, picture.height).getContext('2d')!;
  context.drawImage(picture, 0, 0);
  const side = picture.width / frames;
  const videos = picture.height / side;
  const data = new Uint8Array(videos * frames * side * side);
  for (let video = 0; video < videos; video++) {
    for (let frame = 0; frame < frames; frame++) {
      const rgba = context.getImageData(frame * side, video * side, side, side).data;
      const start = (video * frames + frame) * side * side;
      for (let i = 0; i < side * side; i++) data[start + i] = rgba[4 * i];
    }
  }
  return { shape: [videos, frames, side, side], data };
}
