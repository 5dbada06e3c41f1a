import { defineConfig } from 'vitest/config';

// One configuration for every project: `vitest run --root libs/NAME --config ../../vitest.config.ts`.
const conditions = ['@tgan/source', 'node', 'import', 'default'];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ['src/**/*.test.ts'],
    pool: 'forks',
    testTimeout: 120_000,
    passWithNoTests: false,
  },
});
