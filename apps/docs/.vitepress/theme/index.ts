import { defineClientComponent, type Theme } from 'vitepress';
import DefaultTheme from 'vitepress/theme';
import './colors.css';
import './site.css';
import './home.css';

/** The tools of the pages of docs/, which GitHub shows too and which so cannot import them. */
const tools = import.meta.glob([
  '../../src/VideoPlayground.vue',
  '../../src/training/LiveTraining.vue',
  '../../src/svc/SvcTool.vue',
]);

/** VitePress's own theme, and the tools, which run in browsers alone. */
export default {
  extends: DefaultTheme,
  enhanceApp({ app }) {
    for (const [file, load] of Object.entries(tools)) {
      const [name] = /\w+(?=\.vue$)/.exec(file) ?? [];
      if (name) app.component(name, defineClientComponent(load));
    }
  },
} satisfies Theme;
