import type { MarkdownRenderer } from 'vitepress';

/** Where the sources are. */
export const repository = 'https://github.com/tgan-js/tgan';

/**
 * Makes links that are right on GitHub right on the site: from a guide to a page of the site or to
 * a package's README, with which its reference begins, and from there to a guide or a file, of
 * which typedoc makes a copy.
 */
export function siteLinks(md: MarkdownRenderer): void {
  md.core.ruler.push('site-links', ({ tokens, env }) => {
    const page = (env as { relativePath?: string }).relativePath ?? '';
    for (const token of tokens.flatMap(({ children }) => children ?? [])) {
      const link = token.attrGet('href');
      if (link) token.attrSet('href', siteLink(link, page));
    }
  });
}

function siteLink(link: string, page: string): string {
  const lib = /^(?:\.\.?\/)+libs\/([\w-]+)\/README\.md(.*)/.exec(link);
  if (lib) return `/api/@tgan/${lib[1]}/index.md${lib[2]}`;
  const guide = /(?:_media|^\.?\/?docs|apps\/docs\/pages)\/([\w-]+\.md.*)/.exec(link);
  if (guide) return `/${guide[1]}`;
  const owner = /api\/@tgan\/([\w-]+)\//.exec(page);
  // The name of a copied file says nothing of its folder, which is somewhere in the package.
  if (owner && link.includes('_media/')) return `${repository}/tree/main/libs/${owner[1]}`;
  return link;
}
