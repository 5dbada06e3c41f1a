/** What can be saved. */
export const subjects = ['video', 'sheet', 'transition'] as const;
export type Subject = (typeof subjects)[number];

/** Formats of pictures, moving or not. */
export const filmFormats = ['gif', 'webp', 'mp4', 'png'] as const;
export type FilmFormat = (typeof filmFormats)[number];

/** Formats of files; `npy` has the values themselves. */
export const formats = [...filmFormats, 'npy'] as const;
export type Format = (typeof formats)[number];
