import { expect, it } from 'vitest';
import { fileReason } from './file-problem.js';

it('fileReason says in a few words what the file system means', () => {
  const full = Object.assign(new Error("ENOSPC: no space left, write 'x'"), { code: 'ENOSPC' });
  expect(fileReason(full)).toBe('the disk is full (ENOSPC)');
  expect(fileReason(new Error('wrapped', { cause: full }))).toBe('the disk is full (ENOSPC)');
  expect(fileReason(new Error('not YAML:\n  at line 3'))).toBe('not YAML:');
  expect(fileReason('thrown')).toBe('thrown');
});
