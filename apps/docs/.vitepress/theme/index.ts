import type { Theme } from 'vitepress';
import DefaultTheme from 'vitepress/theme';
import { defineAsyncComponent, type Component } from 'vue';
import './colors.css';
import './site.css';
import './home.css';

/** The tools of the pages of docs/, which GitHub shows too and which so cannot import them. */
const tools = import.meta.glob<Component>(
  [
    '../../src/playground/VideoPlayground.vue',
    '../../src/training/LiveTraining.vue',
    '../../src/svc/SvcTool.vue',
  ],
  { import: 'default' },
);

/** VitePress's own theme, and the tools. What needs a browser begins when they are mounted. */
export default {
  extends: DefaultTheme,
  enhanceApp({ app }) {
    for (const [file, load] of Object.entries(tools)) {
      const [name] = /\w+(?=\.vue$)/.exec(file) ?? [];
      if (name) app.component(name, defineAsyncComponent(load));
    }
  },
} satisfies Theme;
