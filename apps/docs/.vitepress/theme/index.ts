import { defineClientComponent, type Theme } from 'vitepress';
import DefaultTheme from 'vitepress/theme';

/** VitePress's own theme, and the playground, which runs in browsers alone. */
export default {
  extends: DefaultTheme,
  enhanceApp({ app }) {
    app.component(
      'VideoPlayground',
      defineClientComponent(() => import('../../src/VideoPlayground.vue')),
    );
  },
} satisfies Theme;
