import nx from '@nx/eslint-plugin';
import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';

/** Which layer may import which: arrows run one way, see docs/architecture.md. */
const below = {
  app: ['runs', 'training', 'metrics', 'model', 'network', 'layers', 'constraint', 'data', 'base'],
  runs: ['training', 'metrics', 'model', 'network', 'layers', 'constraint', 'data', 'base'],
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
    // Tests of all packages check their READMEs by one, and start MPI jobs by the other.
    allow: ['../../../tools/mpi-jobs.js', '../../../tools/readme-example.js'],
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
          message: 'Pass a seeded Random (@tgan/core), so that runs repeat.',
        },
      ],
      eqeqeq: 'error',
      // Prettier wraps code; this wraps comments.
      'max-len': ['error', { code: 1000, comments: 100, ignoreUrls: true }],
    },
  },
  {
    files: ['**/*.cjs'],
    rules: { '@typescript-eslint/no-require-imports': 'off' },
  },
  {
    // Tests, and what they share, alone may use the fixtures.
    files: ['**/*.test.ts', '**/*.bench.ts', '**/src/testing/**'],
    rules: { '@nx/enforce-module-boundaries': boundaries(['fixtures']) },
  },
);
