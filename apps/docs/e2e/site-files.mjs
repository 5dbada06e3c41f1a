import { readFile, stat } from 'node:fs/promises';
import { readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { gzipSync } from 'node:zlib';
import { basePath, dist, fileOf } from './serve-site.mjs';

/** The addresses of all pages, such as `api/index.html`. */
export const pages = readdirSync(dist, { recursive: true })
  .filter((file) => file.endsWith('.html'))
  .map((file) => file.split(sep).join('/'))
  .sort();

/** What pages link to and is not there, by page and link. */
export async function deadLinks() {
  const base = await basePath();
  const ids = new Map();
  const links = [];
  for (const page of pages) {
    const html = await readFile(join(dist, page), 'utf8');
    ids.set(join(dist, page), new Set(matches(html, / id="([^"]+)"/g)));
    for (const link of new Set(matches(html, / (?:href|src|srcset|poster)="([^"]+)"/g))) {
      const to = new URL(unescape(link), `http://site${base}${page}`);
      if (to.host === 'site') links.push({ page, link, to });
    }
  }
  const dead = [];
  for (const { page, link, to } of links) {
    const file = fileOf(decodeURIComponent(to.pathname), base);
    const anchor = decodeURIComponent(to.hash.slice(1));
    const there = file && (ids.has(file) || (await isFile(file)));
    if (!there || (anchor && ids.has(file) && !ids.get(file).has(anchor))) {
      dead.push(`${page}: ${link}`);
    }
  }
  return dead;
}

const exists = new Map();
async function isFile(file) {
  if (!exists.has(file)) {
    exists.set(file, (await stat(file).catch(() => undefined))?.isFile() ?? false);
  }
  return exists.get(file);
}

/** Bytes of the JavaScript that a page loads before anything is touched, by gzip. */
export async function scriptBytes(page) {
  const base = await basePath();
  const html = await readFile(join(dist, page), 'utf8');
  const files = new Set(matches(html, /(?:src|href)="([^"]+\.js)"/g));
  const sizes = [...files].map(async (link) => gzipSync(await readFile(fileOf(link, base))).length);
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

/** The addresses in the sitemap, as pages. */
export async function sitemapPages() {
  const xml = await readFile(join(dist, 'sitemap.xml'), 'utf8').catch(() => undefined);
  if (xml === undefined) return undefined;
  const base = await basePath();
  return matches(xml, /<loc>([^<]+)<\/loc>/g).map((address) =>
    relative(dist, fileOf(decodeURIComponent(new URL(address).pathname), base))
      .split(sep)
      .join('/'),
  );
}

const matches = (text, pattern) => Array.from(text.matchAll(pattern), ([, group]) => group);

const unescape = (html) => html.replaceAll('&amp;', '&').replaceAll('&quot;', '"');
