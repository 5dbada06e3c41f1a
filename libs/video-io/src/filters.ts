import { ffmpegHelp } from './ffmpeg.js';
import type { Hdr, Picture } from './picture.js';

/** How frames are to come out. */
export interface FrameForm {
  /** Pixels. */
  readonly height: number;
  /** Pixels. */
  readonly width: number;
  readonly fit: 'stretch' | 'crop';
  /** Frames a second to resample to. */
  readonly fps?: number;
  /** What shows through transparent pixels, as `#rrggbb`. */
  readonly background: string;
}

/** What of a picture can be taken into account by the ffmpeg that is there. */
export interface Abilities {
  readonly picture: Picture;
  /** What cannot, and so comes out otherwise than it was meant; for a person. */
  readonly shortcomings: readonly string[];
}

/**
 * Looks which parts of a picture the ffmpeg that is there can handle.
 *
 * @throws FfmpegMissingError when it cannot be run.
 */
export async function abilitiesFor({ transparent, decoder, hdr }: Picture): Promise<Abilities> {
  const shortcomings: string[] = [];
  const lacks = async (...parts: string[]) =>
    (await Promise.all(parts.map(ffmpegHelp))).includes(undefined);
  const blind = decoder !== undefined && (await lacks(`decoder=${decoder}`));
  if (blind) {
    shortcomings.push(
      `transparent pixels show hidden colors: this ffmpeg is built without ${decoder}`,
    );
  }
  const name = hdr?.transfer === 'smpte2084' ? 'PQ' : 'HLG';
  // To change the tones of a picture that has lost its transparency is of no use to anyone so far.
  const untoned = hdr && (transparent || (await lacks('filter=zscale', 'filter=tonemap')));
  if (untoned) {
    const why = transparent ? 'it has transparent pixels' : 'this ffmpeg is built without zscale';
    shortcomings.push(`high dynamic range (${name}) came out as if it were standard: ${why}`);
  }
  return {
    picture: {
      transparent: transparent && !blind,
      ...(decoder && !blind && { decoder }),
      ...(hdr && !untoned && { hdr }),
    },
    shortcomings,
  };
}

/**
 * The ffmpeg filters that bring frames into their form.
 *
 * @param hold - the filters that hold the background still, where that is wanted.
 */
export function formFilters(form: FrameForm, picture: Picture, hold?: string): string {
  const { height, width, fit, fps } = form;
  const { hdr } = picture;
  return [
    // Stabilized pictures are upright, opaque and of standard range before they are measured.
    ...(hold ? [visibleFilters(form, picture), hold] : []),
    ...(picture.transparent && !hold ? [composite(form.background)] : []),
    ...(fps === undefined ? [] : [`fps=${fps}`]),
    ...(fit === 'stretch' ? [`scale=${width}:${height}`] : [cover(width, height)]),
    // In the new size, where the pixels are few.
    ...(hdr && !hold ? [toneMap(hdr)] : []),
  ].join(',');
}

/** The ffmpeg filters that make pictures what a viewer sees: opaque, of square pixels and of standard range. */
export function visibleFilters({ background }: FrameForm, { transparent, hdr }: Picture): string {
  return [
    ...(transparent ? [composite(background)] : []),
    squarePixels,
    ...(hdr ? [toneMap(hdr)] : []),
  ].join(',');
}

/** Pixels that are wider or higher than this are taken for damage: they would make frames without bound. */
const longestPixel = 4;
const pixelAspect = `clip(sar,1/${longestPixel},${longestPixel})`;

const squarePixels = `scale=w='round(iw*max(1,${pixelAspect}))':h='round(ih*max(1,1/${pixelAspect}))',setsar=1`;

/** The middle of the picture, as large as can be. `dar` is its aspect on the screen. */
function cover(width: number, height: number): string {
  const aspect = 'clip(dar,0.01,100)';
  const [w, h] = [
    `max(${width},round(${height}*${aspect}))`,
    `max(${height},round(${width}/${aspect}))`,
  ];
  return `scale=w='${w}':h='${h}',crop=${width}:${height}`;
}

/** Lays pictures over one color. Fully opaque pixels stay as they are. */
function composite(color: string): string {
  const [r, g, b] = [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16));
  // Not drawbox: ffmpeg 5.1 crashes on it in this format.
  const plain = `lutrgb=r=${r}:g=${g}:b=${b}:a=255`;
  return `format=rgba,split[shape][copy];[copy]${plain}[plain];[plain][shape]overlay=format=gbrp`;
}

/** Nits of white in graphics and of light that a standard screen shows in full (ITU-R BT.2408). */
const whiteNits = 203;

/** High to standard dynamic range: tones up to 0.8 of white stay, brighter ones are pressed together. */
function toneMap({ missing }: Hdr): string {
  const given = `${missing.primaries ? ':pin=2020' : ''}${missing.matrix ? ':min=2020_ncl' : ''}`;
  return [
    // zscale takes no odd sizes where chroma has fewer pixels.
    'format=yuv444p10le|yuv444p12le|gbrp10le|gbrp12le',
    `zscale=t=linear:npl=${whiteNits}${given}`,
    'format=gbrpf32le',
    'zscale=p=bt709',
    'tonemap=mobius:param=0.8:desat=0',
    'zscale=t=bt709',
    'format=gbrp',
  ].join(',');
}
