import nx from '@nx/eslint-plugin';
import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';

/** Which layer may import which: arrows run one way, see docs/architecture.md. */
const below = {
  app: ['training', 'metrics', 'model', 'network', 'layers', 'constraint', 'data', 'base'],
  metrics: ['constraint', 'data', 'base'],
  training: ['model', 'network', 'layers', 'constraint', 'data', 'base'],
  model: ['network', 'layers', 'base'],
  network: ['layers', 'base'],
  layers: ['base'],
  constraint: ['base'],
  data: ['data', 'base'],
  base: ['base'],
  fixtures: ['base'],
};

const boundaries = (extraTags) => [
  'error',
  {
    allowCircularSelfDependency: true,
    depConstraints: Object.entries(below).map(([layer, layers]) => ({
      sourceTag: `layer:${layer}`,
      onlyDependOnLibsWithTags: [...layers, ...extraTags].map((name) => `layer:${name}`),
    })),
  },
];

export default tseslint.config(
  { ignores: ['**/dist', '.nx', '**/.vitepress/cache', 'apps/docs/api'] },
  ...tseslint.configs.recommended,
  prettier,
  {
    files: ['**/*.{ts,js,mjs}'],
    plugins: { '@nx': nx },
    rules: {
      '@nx/enforce-module-boundaries': boundaries([]),
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      'no-restricted-properties': [
        'error',
        {
          object: 'Math',
          property: 'random',
          message: 'Pass a seeded Random (@tgan/random), so that runs repeat.',
        },
      ],
      eqeqeq: 'error',
    },
  },
  {
    // Tests alone may use the shared fixtures.
    files: ['**/*.test.ts', '**/*.bench.ts'],
    rules: { '@nx/enforce-module-boundaries': boundaries(['fixtures']) },
  },
);
