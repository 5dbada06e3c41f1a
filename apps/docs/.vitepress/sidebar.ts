import type { DefaultTheme } from 'vitepress';
import { libsByTask } from './libs.js';

const guides: DefaultTheme.SidebarItem[] = [
  {
    text: 'Begin',
    items: [
      { text: 'Quick start', link: '/quick-start' },
      { text: 'All guides', link: '/guides' },
    ],
  },
  {
    text: 'In the browser',
    items: [
      { text: 'Playground', link: '/playground' },
      { text: 'Train a model', link: '/live-training' },
      { text: 'Clip a model of your own', link: '/svc-tool' },
    ],
  },
  {
    text: 'Understand',
    items: [
      { text: 'Explained by touching it', link: '/explained' },
      { text: 'The Temporal GAN', link: '/temporal-gan' },
      { text: 'Singular value clipping', link: '/singular-value-clipping' },
      { text: 'The simd backend', link: '/simd-backend' },
      { text: 'Architecture', link: '/architecture' },
    ],
  },
  {
    text: 'Use',
    items: [
      { text: 'Training', link: '/training' },
      { text: 'Several processes', link: '/scaling' },
      { text: 'Data', link: '/data' },
      { text: 'Recipes', link: '/recipes' },
      { text: 'Using a trained model', link: '/trained-models' },
      { text: 'Scores', link: '/metrics' },
      { text: 'Extending tgan', link: '/extending' },
    ],
  },
  {
    text: 'Reference',
    items: [
      { text: 'Command line', link: '/cli' },
      { text: 'API', link: '/api/' },
      { text: 'Changelog', link: '/changelog' },
    ],
  },
];

/** Beside the API reference its packages by task, beside everything else the guides. */
export const sidebar: DefaultTheme.SidebarMulti = {
  '/api/': [
    { text: 'Reference', items: [{ text: 'All packages', link: '/api/' }] },
    ...libsByTask().map(({ name, libs }) => ({
      text: name,
      items: libs.map((lib) => ({ text: lib.name, link: `/api/@tgan/${lib.name}/` })),
    })),
  ],
  '/': guides,
};
