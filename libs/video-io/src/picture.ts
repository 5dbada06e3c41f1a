/** What is known of the pictures of a video before they are decoded. */
export interface Picture {
  /** Whether some pixels may let through what is behind them. */
  readonly transparent: boolean;
  /** The decoder that shows the transparency, where ffmpeg's own ignores it. */
  readonly decoder?: string;
  /** High dynamic range: how its light is coded. Undefined for standard range. */
  readonly hdr?: Hdr;
}

/** How the light of high dynamic range is coded, in ffmpeg's names. */
export interface Hdr {
  readonly transfer: 'smpte2084' | 'arib-std-b67';
  /** The primaries and the matrix, where the file does not tell. */
  readonly missing: { readonly primaries: boolean; readonly matrix: boolean };
}

/** What is taken for granted until ffmpeg describes the input. */
export const plainPicture: Picture = { transparent: false };

/** Whether frames come out as they should without any of the steps that other pictures need. */
export const isPlain = ({ transparent, hdr }: Picture): boolean => !transparent && !hdr;

/** Decoders that read the second stream in which VP8 and VP9 keep their transparency. */
const alphaDecoders: Record<string, string> = { vp8: 'libvpx', vp9: 'libvpx-vp9' };

const withAlpha = /^(yuva|rgba|bgra|argb|abgr|gbrap|ya8|ya16|pal8|ayuv|rgbaf|vuya)/;

/**
 * Reads ffmpeg's description of its input as it is written, line by line. The stream that is decoded
 * is the first one with moving pictures.
 */
export class PictureReader {
  /** Resolves at the end of the description, or when `finish` is called. */
  readonly picture: Promise<Picture>;
  #resolve!: (picture: Picture) => void;
  #stream: string | undefined;
  /** Whether the lines that come tell of that stream. */
  #within = false;
  #alphaMode = false;

  constructor() {
    this.picture = new Promise((resolve) => (this.#resolve = resolve));
  }

  /** Takes a line. */
  readonly hear = (line: string): void => {
    if (line.startsWith('Output #')) return this.finish();
    if (/^ +Stream #0:/.test(line)) {
      const moves = line.includes(': Video: ') && !line.includes('(attached pic)');
      this.#within = this.#stream === undefined && moves;
      if (this.#within) this.#stream = line;
    } else if (this.#within && /^ +alpha_mode +: 1$/.test(line)) {
      this.#alphaMode = true;
    }
  };

  /** Settles for what was heard. */
  readonly finish = (): void => {
    this.#resolve(
      this.#stream === undefined ? plainPicture : pictureOf(this.#stream, this.#alphaMode),
    );
  };
}

/** A line such as `Stream #0:0: Video: hevc (Main 10), yuv420p10le(tv, bt2020nc/bt2020/smpte2084), 64x64`. */
function pictureOf(stream: string, alphaMode: boolean): Picture {
  const [, codec, rest] = /: Video: (\w+)(.*)$/.exec(stream) ?? [, '', ''];
  const [, format = '', colors = ''] = /, (\w+)(?:\(([^)]*)\))?, \d+x\d+/.exec(rest) ?? [];
  const decoder = alphaMode ? alphaDecoders[codec] : undefined;
  const transparent = withAlpha.test(format) || decoder !== undefined;
  const [matrix, primaries, transfer] =
    /([\w-]+)\/([\w-]+)\/(smpte2084|arib-std-b67)/.exec(colors)?.slice(1) ?? [];
  return {
    transparent,
    ...(decoder && { decoder }),
    ...(transfer && {
      hdr: {
        transfer: transfer as Hdr['transfer'],
        missing: { primaries: primaries === 'unknown', matrix: matrix === 'unknown' },
      },
    }),
  };
}
