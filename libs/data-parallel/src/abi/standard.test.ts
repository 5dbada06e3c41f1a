import type { LibraryHandle } from 'koffi';
import { expect, it } from 'vitest';
import { isStandard } from './standard.js';

/** A library that answers as MPI 5 does, or lacks the function. */
const library = (version?: number) =>
  ({
    symbol() {
      if (version === undefined) throw new Error('no such symbol');
    },
    func: () => (major: Int32Array, minor: Int32Array) => {
      [major[0], minor[0]] = [version!, 0];
    },
  }) as unknown as LibraryHandle;

it.each([
  ['libmpi_abi of MPI 5', 1, true],
  ["MPICH 5 with MPICH's own ABI", -1, false],
  ['an older library', undefined, false],
])('knows %s', (_, version, expected) => {
  expect(isStandard(library(version))).toBe(expected);
});
