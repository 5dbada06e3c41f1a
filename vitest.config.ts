import { defineConfig } from 'vitest/config';

// One configuration for every project: `vitest run --root libs/NAME --config ../../vitest.config.ts`.
const conditions = ['@tgan/source', 'node', 'import', 'default'];

// Under Nx each project leaves a report, out of which tools/check.mjs counts the tests.
const project = process.env['NX_TASK_TARGET_PROJECT']?.replace('@tgan/', '');
const report = new URL(`.nx/test-reports/${project}.json`, import.meta.url).pathname;
const testBackend = new URL('tools/test-backend.ts', import.meta.url).pathname;

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ['src/**/*.test.ts'],
    setupFiles: process.env['TGAN_BACKEND'] ? [testBackend] : [],
    pool: 'forks',
    testTimeout: 120_000,
    reporters: project ? ['default', ['json', { outputFile: report }]] : ['default'],
    passWithNoTests: false,
  },
});
