import katex from 'katex';
import type { MarkdownRenderer } from 'vitepress';

/** Formulas as GitHub writes them, `$...$` in a line and `$$` around a block, become MathML. */
export function formulas(md: MarkdownRenderer): void {
  md.inline.ruler.after('escape', 'formula', (state, silent) => {
    const formula = /^\$(?![\s$])([^$\n]*[^\s$\\])\$(?!\d)/.exec(state.src.slice(state.pos));
    if (!formula) return false;
    if (!silent) state.push('formula', 'math', 0).content = formula[1];
    state.pos += formula[0].length;
    return true;
  });
  md.block.ruler.before('fence', 'formula_block', (state, start, end, silent) => {
    const line = (i: number) => state.src.slice(state.bMarks[i] + state.tShift[i], state.eMarks[i]);
    if (!line(start).startsWith('$$')) return false;
    let last = start;
    const closes = (i: number) => line(i).endsWith('$$') && (i > start || line(i).length > 4);
    while (last < end && !closes(last)) last++;
    if (last === end) return false;
    if (silent) return true;
    const token = state.push('formula_block', 'math', 0);
    token.content = state
      .getLines(start, last + 1, state.blkIndent, false)
      .trim()
      .slice(2, -2);
    token.map = [start, last + 1];
    state.line = last + 1;
    return true;
  });
  md.renderer.rules.formula = (tokens, i) => render(tokens[i].content, false);
  md.renderer.rules.formula_block = (tokens, i) =>
    `<p class="katex-block">${render(tokens[i].content, true)}</p>\n`;
}

function render(tex: string, displayMode: boolean): string {
  const html = katex.renderToString(tex, { displayMode, output: 'mathml', throwOnError: true });
  // A wide formula scrolls inside itself, by the keyboard too.
  const reachable = displayMode ? html.replace('<math ', '<math tabindex="0" ') : html;
  // Vue would read braces in TeX, which the annotation holds, as its own.
  return reachable.replace('<span class="katex">', '<span class="katex" v-pre>');
}
